namespace GreenServe.Metering.IdlePower;

/// <summary>How the wait for still power ended.</summary>
/// <param name="WaitedSeconds">The length of the wait (s).</param>
internal abstract record SettlingOutcome(double WaitedSeconds)
{
    /// <summary>Error of a baseline measured after this wait that is due to the wait (W).</summary>
    internal virtual double ErrorWatts => 0;

    /// <summary>The outcome in words that follow "measured over 10 s".</summary>
    internal abstract string Describe();
}

/// <summary>Power and temperature held still for the settling time.</summary>
internal sealed record Settled(double WaitedSeconds) : SettlingOutcome(WaitedSeconds)
{
    internal override string Describe() => FormattableString.Invariant($"settled after {WaitedSeconds:0} s");
}

/// <summary>Power or temperature still moved when the longest wait was over.</summary>
/// <param name="WaitedSeconds">The length of the wait (s).</param>
/// <param name="DriftWatts">The change of power over the settling time (W), negative for a device that cools.</param>
/// <param name="SettlingSeconds">The settling time (s).</param>
internal sealed record StillMoving(double WaitedSeconds, double DriftWatts, double SettlingSeconds) : SettlingOutcome(WaitedSeconds)
{
    /// <summary>The drift counts once: the baseline lies at most one more settling time from where power will rest.</summary>
    internal override double ErrorWatts => Math.Abs(DriftWatts);

    internal override string Describe() => FormattableString.Invariant(
        $"not settled after {WaitedSeconds:0} s, still moving by {DriftWatts:+0.0;-0.0} W in {SettlingSeconds:0.#} s");
}

/// <summary>The longest wait was too short to see whether power held still for the settling time.</summary>
/// <param name="WaitedSeconds">The length of the wait (s).</param>
/// <param name="SettlingSeconds">The settling time (s).</param>
internal sealed record WaitTooShort(double WaitedSeconds, double SettlingSeconds) : SettlingOutcome(WaitedSeconds)
{
    internal override string Describe() => FormattableString.Invariant(
        $"not waited for ({WaitedSeconds:0} s is shorter than the settling time of {SettlingSeconds:0.#} s)");
}

/// <summary>Too few readings of power came to see whether it held still, for example because no meter reports power.</summary>
internal sealed record PowerUnseen(double WaitedSeconds) : SettlingOutcome(WaitedSeconds)
{
    internal override string Describe() => FormattableString.Invariant(
        $"not known to be settled (too few readings of power in {WaitedSeconds:0} s)");
}
