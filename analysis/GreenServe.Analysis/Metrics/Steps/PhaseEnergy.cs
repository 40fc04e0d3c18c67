using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics.Steps;

/// <summary>Energy of a window by phase, from engine steps that state the energy of their phases, one step after the other.</summary>
/// <param name="fromSeconds">Beginning of the window (s).</param>
/// <param name="toSeconds">End of the window (s).</param>
/// <param name="loadedIdleWatts">Power with the weights loaded and no request (W).</param>
internal sealed class PhaseEnergy(double fromSeconds, double toSeconds, double loadedIdleWatts)
{
    /// <summary>Whether every step of the window states a split.</summary>
    internal bool IsKnown { get; private set; } = true;

    /// <summary>Energy of idle rows, and loaded-idle power while steps ran (J).</summary>
    internal double StaticJoules { get; private set; }

    /// <summary>Energy of prompts above loaded-idle power (J).</summary>
    internal double PrefillJoules { get; private set; }

    /// <summary>Energy of tokens above loaded-idle power (J).</summary>
    internal double DecodeJoules { get; private set; }

    /// <summary>Adds a step of the run. One that reaches over an edge of the window counts by its share inside.</summary>
    internal void Add(in EngineStep step)
    {
        double inside = Math.Min(step.StartSeconds + step.DurationSeconds, toSeconds) - Math.Max(step.StartSeconds, fromSeconds);
        if (inside <= 0 || step.DurationSeconds <= 0)
        {
            return;
        }

        if (step.EnergyJoules is not { } joules || (step.PrefillEnergyJoules is null && !step.IsIdle && step.PrefillTokens > 0))
        {
            IsKnown = false;
            return;
        }

        double share = inside / step.DurationSeconds;
        if (step.IsIdle)
        {
            StaticJoules += joules * share;
            return;
        }

        double floor = Math.Min(joules, loadedIdleWatts * step.DurationSeconds);
        double prefillShare = joules > 0 ? (step.PrefillEnergyJoules ?? 0) / joules : 0;
        StaticJoules += floor * share;
        PrefillJoules += (joules - floor) * prefillShare * share;
        DecodeJoules += (joules - floor) * (1 - prefillShare) * share;
    }
}
