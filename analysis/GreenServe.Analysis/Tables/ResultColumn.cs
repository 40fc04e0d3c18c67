namespace GreenServe.Analysis.Tables;

/// <summary>A column of a result table.</summary>
/// <param name="Name">Name in snake_case, ending in its unit where it has one.</param>
/// <param name="IsText">Whether its cells are text; otherwise numbers.</param>
public sealed record ResultColumn(string Name, bool IsText);
