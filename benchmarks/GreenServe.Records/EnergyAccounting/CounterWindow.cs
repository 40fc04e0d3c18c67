using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Measures the energy of a counter over a window: its value at the end minus its value at the beginning.</summary>
/// <remarks>
/// The counter is taken to rise evenly between two refreshes. The error at an edge is the mean power between the refreshes around
/// it, times a length of time: the distance to the nearer refresh plus the uncertainty of that refresh's time. The bound holds as
/// long as power inside one refresh period is at most twice its mean there. An edge on a sharp refresh has only the uncertainty of
/// the refresh's time.
/// </remarks>
internal static class CounterWindow
{
    /// <summary>Longest time (s) without a change of a working counter: an idle board draws tens of watts.</summary>
    private const double LongestStandstillSeconds = 5;

    /// <summary>
    /// Longest time without a change of a counter that refreshes seldom, in refreshes: coarse units hide a small draw.
    /// </summary>
    private const double LongestStandstillRefreshes = 20;

    /// <summary>
    /// Farthest distance beyond the readings to which the counter is extrapolated, in refreshes: one refresh may be missed at an
    /// end, and the next may be under way.
    /// </summary>
    private const double LongestReachRefreshes = 2;

    internal static EnergyReading Measure(EnergyReading reading, CounterRefreshes refreshes, double ceilingWatts)
    {
        if (refreshes.All.Length < 2)
        {
            if (reading.IsEstimated)
            {
                // A power model may say that a device was off. A meter that reports no energy at all is broken.
                return reading with { Joules = 0, EdgeErrorJoules = 0 };
            }

            return reading with { NotMeasured = Text($"the counter never changed from {refreshes.All[0].Joules} J") };
        }

        if (Edge.At(refreshes, reading.StartSeconds) is not { } start)
        {
            return reading with { NotMeasured = Uncovered(refreshes) };
        }

        if (Edge.At(refreshes, reading.EndSeconds) is not { } end)
        {
            return reading with { NotMeasured = Uncovered(refreshes) };
        }

        if (Damage(refreshes, start.Segment, end.Segment, ceilingWatts) is { } damage)
        {
            return reading with { NotMeasured = damage };
        }

        return reading with
        {
            Joules = end.Joules - start.Joules,
            EdgeErrorJoules = start.ErrorJoules + end.ErrorJoules,
            Method = $"{reading.Method}, difference between its refreshes",
        };
    }

    private static string Uncovered(CounterRefreshes refreshes) => Text(
        $"the readings cover only {refreshes.All[0].AtSeconds:0.###} s to {refreshes.All[^1].LastSeenSeconds:0.###} s of the run");

    private static string? Damage(CounterRefreshes refreshes, int first, int last, double ceilingWatts)
    {
        double standstill = Math.Max(LongestStandstillSeconds, LongestStandstillRefreshes * refreshes.PeriodSeconds ?? 0);
        for (int index = first; index <= last; index++)
        {
            CounterRefreshes.Refresh before = refreshes.All[index];
            CounterRefreshes.Refresh after = refreshes.All[index + 1];
            double watts = (after.Joules - before.Joules) / (after.LatestSeconds - before.EarliestSeconds);
            if (after.Joules < before.Joules)
            {
                return Text($"the counter jumped back from {before.Joules} J to {after.Joules} J at {after.LatestSeconds:0.###} s");
            }

            if (before.LastSeenSeconds - before.LatestSeconds > standstill)
            {
                return Text($"the counter stood still from {before.LatestSeconds:0.###} s to {before.LastSeenSeconds:0.###} s");
            }

            if (watts > ceilingWatts)
            {
                string leap = Text($"by {after.Joules - before.Joules} J at {after.LatestSeconds:0.###} s");
                return Text($"the counter jumped {leap}, which is {watts:0} W and over the ceiling of {ceilingWatts} W");
            }
        }

        return null;
    }

    /// <summary>Position of a window's edge: between refresh <paramref name="Segment"/> and the next.</summary>
    private readonly record struct Edge(int Segment, double Joules, double ErrorJoules)
    {
        internal static Edge? At(CounterRefreshes refreshes, double seconds)
        {
            ReadOnlySpan<CounterRefreshes.Refresh> all = refreshes.All;
            int segment = Math.Clamp(refreshes.IndexAtOrBefore(seconds), 0, all.Length - 2);
            CounterRefreshes.Refresh before = all[segment];
            CounterRefreshes.Refresh after = all[segment + 1];
            double watts = (after.Joules - before.Joules) / (after.AtSeconds - before.AtSeconds);

            // Shortly outside the readings the counter is extrapolated, for as long as it had no new value to show.
            double outside = Math.Max(all[0].AtSeconds - seconds, seconds - all[^1].AtSeconds);
            if (outside > LongestReachRefreshes * Math.Max(refreshes.PeriodSeconds ?? 0, before.BracketSeconds))
            {
                return null;
            }

            bool isBeforeNearer = seconds - before.AtSeconds <= after.AtSeconds - seconds;
            CounterRefreshes.Refresh nearer = isBeforeNearer ? before : after;
            double distance = Math.Abs(seconds - nearer.AtSeconds) + nearer.BracketSeconds;
            return new Edge(segment, before.Joules + (watts * (seconds - before.AtSeconds)), Math.Abs(watts) * distance);
        }
    }
}
