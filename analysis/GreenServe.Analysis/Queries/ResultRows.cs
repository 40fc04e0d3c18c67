namespace GreenServe.Analysis.Queries;

/// <summary>What a query returned.</summary>
/// <param name="Columns">Column names.</param>
/// <param name="Rows">Rows of values as the database gives them; <c>null</c> for absent.</param>
public sealed record ResultRows(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
