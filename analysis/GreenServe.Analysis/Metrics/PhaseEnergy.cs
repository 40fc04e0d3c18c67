using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Energy of a window by phase, from engine steps that state the energy of their phases.</summary>
/// <param name="StaticJoules">Energy of idle rows, and loaded-idle power while steps ran (J).</param>
/// <param name="PrefillJoules">Energy of prompts above loaded-idle power (J).</param>
/// <param name="DecodeJoules">Energy of tokens above loaded-idle power (J).</param>
internal sealed record PhaseEnergy(double StaticJoules, double PrefillJoules, double DecodeJoules)
{
    /// <summary>Sums the steps of a window. A step that reaches over an edge counts by its share inside.</summary>
    /// <param name="steps">The engine's steps.</param>
    /// <param name="window">The window.</param>
    /// <param name="loadedIdleWatts">Power with the weights loaded and no request (W).</param>
    /// <returns><c>null</c> where a step in the window states no split.</returns>
    internal static PhaseEnergy? Of(IReadOnlyList<EngineStep> steps, MeasurementWindow window, double loadedIdleWatts)
    {
        (double still, double prefill, double decode) = (0, 0, 0);
        foreach (EngineStep step in steps)
        {
            double inside = Math.Min(step.StartSeconds + step.DurationSeconds, window.EndSeconds)
                - Math.Max(step.StartSeconds, window.StartSeconds);
            if (inside <= 0 || step.DurationSeconds <= 0)
            {
                continue;
            }

            if (step.EnergyJoules is not { } joules || (step.PrefillEnergyJoules is null && !step.IsIdle && step.PrefillTokens > 0))
            {
                return null;
            }

            double share = inside / step.DurationSeconds;
            if (step.IsIdle)
            {
                still += joules * share;
                continue;
            }

            double floor = Math.Min(joules, loadedIdleWatts * step.DurationSeconds);
            double prefillShare = joules > 0 ? (step.PrefillEnergyJoules ?? 0) / joules : 0;
            still += floor * share;
            prefill += (joules - floor) * prefillShare * share;
            decode += (joules - floor) * (1 - prefillShare) * share;
        }

        return new PhaseEnergy(still, prefill, decode);
    }
}
