using GreenServe.Records;

namespace GreenServe.Search;

/// <summary>The result of one run of a rate search.</summary>
/// <param name="Load">The load: requests per second, or users of a closed loop.</param>
/// <param name="Repetition">Number of the run at this load, from 0.</param>
/// <param name="Passes">Whether the run met the SLO.</param>
/// <param name="Finding">The reason for the outcome, in words.</param>
/// <param name="Evidence">Whether the run was simulated or measured.</param>
public sealed record RateTrial(double Load, int Repetition, bool Passes, string Finding, EvidenceKind Evidence)
{
    /// <summary>Completed requests after the warm-up, whose latencies count.</summary>
    public int Requests { get; init; }

    /// <summary>The limit of the SLO with the smallest margin; <c>null</c> where no limit could be tested.</summary>
    public TightestLimit? Tightest { get; init; }

    /// <summary>
    /// Why the server did not carry the load, whatever the latencies were; <c>null</c> where it did. An overloaded run misses every SLO:
    /// its queue grows for as long as the load lasts.
    /// </summary>
    public string? Overload { get; init; }

    /// <summary>
    /// Largest latency over its limit; infinite where the server did not carry the load. Runs of one load are ordered by it.
    /// </summary>
    public double Severity => Overload is not null ? double.PositiveInfinity : Tightest?.Ratio ?? (Passes ? 0 : double.PositiveInfinity);
}
