using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Lengths;

/// <summary>A length distribution for each band: short, medium and long.</summary>
public sealed record BandLengths
{
    /// <summary>Length distribution of the short band.</summary>
    public required LengthDistribution Short { get; init; }

    /// <summary>Length distribution of the medium band.</summary>
    public required LengthDistribution Medium { get; init; }

    /// <summary>Length distribution of the long band.</summary>
    public required LengthDistribution Long { get; init; }

    /// <summary>The distribution of a band.</summary>
    public LengthDistribution Of(LengthBand band) => band switch
    {
        LengthBand.Short => Short,
        LengthBand.Medium => Medium,
        _ => Long,
    };
}
