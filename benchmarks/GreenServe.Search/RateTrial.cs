using GreenServe.Records;

namespace GreenServe.Search;

/// <summary>The result of one run of a rate search.</summary>
/// <param name="Load">The load: requests per second, or users of a closed loop.</param>
/// <param name="Repetition">Number of the run at this load, from 0.</param>
/// <param name="Passes">Whether the run met the SLO.</param>
/// <param name="Finding">The reason for the outcome, in words.</param>
/// <param name="Evidence">Whether the run was simulated or measured.</param>
public sealed record RateTrial(double Load, int Repetition, bool Passes, string Finding, EvidenceKind Evidence);
