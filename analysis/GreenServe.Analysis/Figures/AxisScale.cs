namespace GreenServe.Analysis.Figures;

/// <summary>How an axis maps values to places.</summary>
public enum AxisScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By the logarithm, with ticks at powers of two: lengths, batches, numbers of accelerators.</summary>
    Log2,

    /// <summary>By the logarithm, with ticks at 1, 2 and 5 times powers of ten.</summary>
    Log10,

    /// <summary>Names, one place each, in the order given.</summary>
    Category,
}
