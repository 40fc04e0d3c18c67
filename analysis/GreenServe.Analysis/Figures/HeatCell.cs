namespace GreenServe.Analysis.Figures;

/// <summary>A cell of a heat map.</summary>
/// <param name="Column">Place on the horizontal axis.</param>
/// <param name="Row">Place on the vertical axis.</param>
/// <param name="Value">Its value; <c>null</c> for a cell that was tried and is infeasible.</param>
/// <param name="Text">Exact reading, for hover and text alternative.</param>
/// <param name="IsMarked">Whether it is the best of its row.</param>
public sealed record HeatCell(int Column, int Row, double? Value, string Text, bool IsMarked = false);
