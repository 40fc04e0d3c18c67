using GreenServe.Cli.Terminal;
using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>Writes a snapshot as one line for a log.</summary>
internal static class LiveLine
{
    /// <summary>The line; <c>null</c> where other lines say enough, as between points.</summary>
    internal static string? Of(LiveSnapshot snapshot)
    {
        if (snapshot.Load is not { } load)
        {
            return snapshot is { Phase: LivePhase.Simulating, PointsPlanned: 1 or null }
                ? TerminalTable.Clean(string.Join("; ", Simulating(snapshot)))
                : null;
        }

        string point = snapshot.PointsPlanned != 1 && snapshot.Point is { } name ? $" {name}" : "";
        string[] parts =
        [
            $"{LiveText.Clock(snapshot.ElapsedSeconds)}{point} {LiveText.Of(snapshot.Evidence)}, {LiveText.Of(snapshot.Phase)}",
            .. load.RemainingSeconds is { } remaining ? [$"about {LiveText.Clock(remaining)} left"] : (string[])[],
            $"{load.InFlight} in flight, {load.Completed} completed, {load.Failed} failed of {load.Planned}",
            $"{LiveText.Rate(load.OutputTokensPerSecond)} tokens/s",
            $"TTFT p50 {LiveText.Latency(load.TtftP50Seconds)} p99 {LiveText.Latency(load.TtftP99Seconds)}",
            $"TBT p50 {LiveText.Latency(load.TbtP50Seconds)} p99 {LiveText.Latency(load.TbtP99Seconds)}",
            .. load.ScheduleLagP99Seconds is { } lag ? [$"client sends {LiveText.Latency(lag)} late at p99"] : (string[])[],
            .. load.PowerWatts is { } watts ? [LiveText.Watts(watts)] : (string[])[],
            .. load.JoulesPerOutputToken is { } joules ? [$"{LiveText.Digits(joules)} J/token"] : (string[])[],
            .. snapshot.Reasons.Select(reason => $"so far {reason.Code}"),
        ];
        return TerminalTable.Clean(string.Join("; ", parts));
    }

    private static IEnumerable<string> Simulating(LiveSnapshot snapshot) =>
    [
        $"{LiveText.Clock(snapshot.ElapsedSeconds)} {LiveText.Of(snapshot.Evidence)}, {LiveText.Of(snapshot.Phase)}",
        .. snapshot.RemainingSeconds is { } remaining ? [$"about {LiveText.Clock(remaining)} left"] : (string[])[],
        .. snapshot.Activity is { } activity ? [activity] : (string[])[],
        .. snapshot.Search is { } search ? LiveSearchText.Lines(search) : [],
    ];
}
