namespace GreenServe.Workloads.Lengths;

/// <summary>In which order lengths are taken from a trace.</summary>
public enum TraceRowOrder
{
    /// <summary>As recorded, from the first row of the slice; after the last row it begins again.</summary>
    Recorded,

    /// <summary>Rows drawn at random with replacement; input and output of a row stay together.</summary>
    Random,
}
