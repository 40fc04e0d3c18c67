namespace GreenServe.Search;

/// <summary>One run at one load.</summary>
/// <param name="Load">Requests per second, or users.</param>
/// <param name="Repetition">Number of the run at this load, from 0.</param>
/// <param name="Passes">Whether the run met the SLO.</param>
/// <param name="Finding">What was found, in words.</param>
public sealed record RateTrial(double Load, int Repetition, bool Passes, string Finding);
