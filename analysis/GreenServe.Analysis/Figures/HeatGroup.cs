namespace GreenServe.Analysis.Figures;

/// <summary>A name over neighbouring columns of a heat map.</summary>
/// <param name="X">Place of their middle.</param>
/// <param name="Name">The name.</param>
public sealed record HeatGroup(double X, string Name);
