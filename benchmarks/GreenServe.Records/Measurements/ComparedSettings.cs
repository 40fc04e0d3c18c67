using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Systems;

namespace GreenServe.Records.Measurements;

/// <summary>The settings of the runs that a calibrated profile was compared with. Outside of them its bands are extrapolated.</summary>
public sealed record ComparedSettings
{
    /// <summary>Names of the models.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Number formats of weights and matrix products.</summary>
    public required IReadOnlyList<Precision> Precisions { get; init; }

    /// <summary>Numbers of accelerators that share each layer.</summary>
    public required IReadOnlyList<int> TensorParallelism { get; init; }

    /// <summary>Numbers of accelerators that an instance uses.</summary>
    public required IReadOnlyList<int> Gpus { get; init; }

    /// <summary>
    /// Fewest requests at once: users of a closed loop, or the mean number of requests that run. From 1 to a billion.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public required double FewestRequests { get; init; }

    /// <summary>Most requests at once, from 1 to a billion.</summary>
    [Range(1, 1_000_000_000)]
    public required double MostRequests { get; init; }
}
