using GreenServe.Records;

namespace GreenServe.Simulation.Grids;

/// <summary>
/// Times at which budgets, air or the signal of a grid change. Servers are read every second, so that only whole seconds are exact.
/// </summary>
internal static class WholeSeconds
{
    /// <summary>What is allowed, in words.</summary>
    internal const string Allowed = "a whole number of seconds, since power is read every second";

    /// <summary>The problem of a time that is no whole number of seconds; empty for one that is.</summary>
    /// <param name="place">Place of the time in its file.</param>
    /// <param name="seconds">The time, in seconds; <c>null</c> for none.</param>
    internal static IEnumerable<Problem> Check(string place, double? seconds) =>
        seconds is { } time && time != Math.Floor(time) ? [new Problem(place, time, Allowed)] : [];
}
