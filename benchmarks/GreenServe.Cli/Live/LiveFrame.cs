using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>Draws a snapshot as a block of lines for a terminal.</summary>
internal static class LiveFrame
{
    /// <summary>Width of the names at the beginning of the rows.</summary>
    private const int NameWidth = 10;

    /// <summary>Width of a power with its unit, and the spaces around the name of its meter.</summary>
    private const int WattsWidth = 9;

    /// <summary>Shortest course of a power that is worth drawing.</summary>
    private const int MinCourseWidth = 20;

    /// <summary>Width of the percentage behind the bar.</summary>
    private const int PercentWidth = 6;

    /// <summary>Longest line of text. On a wide terminal longer ones would be hard to read.</summary>
    private const int MaxWidth = 120;

    /// <summary>Draws a snapshot.</summary>
    /// <param name="snapshot">What to draw.</param>
    /// <param name="history">The power of its meters over the last minute.</param>
    /// <param name="width">Width of the terminal, in characters.</param>
    /// <param name="height">Height of the terminal, in lines. The block leaves two of them free.</param>
    /// <returns>The lines. None is wider than the terminal, and they are fewer than its lines.</returns>
    internal static IReadOnlyList<BlockLine> Of(LiveSnapshot snapshot, LiveHistory history, int width, int height)
    {
        int columns = Math.Clamp(width - 1, 1, MaxWidth);
        List<BlockLine> lines =
        [
            new(Ends(snapshot.Title, LiveText.Clock(snapshot.ElapsedSeconds), columns), BlockStyle.Strong),
            new(Ends($"{LiveText.Of(snapshot.Evidence)}: {LiveText.Of(snapshot.Phase)}", Remaining(snapshot), columns)),
        ];
        if (snapshot.Activity is { } activity)
        {
            lines.Add(new(activity, BlockStyle.Faint));
        }

        if (snapshot.PointsPlanned != 1 && Points(snapshot) is { Length: > 0 } points)
        {
            lines.Add(new(points));
        }

        if (snapshot.Search is { } search)
        {
            lines.AddRange(LiveSearchText.Lines(search).Select(line => new BlockLine(line)));
        }

        if (Share(snapshot) is { } share)
        {
            lines.Add(new(Bar(share, columns)));
        }

        if (snapshot.Load is { } load)
        {
            lines.Add(new(""));
            lines.AddRange(Rows(snapshot, load));
        }

        lines.AddRange(snapshot.Reasons.Select((reason, index) => new BlockLine(ReasonRow(reason, index == 0), BlockStyle.Warning)));
        int rows = Math.Max(1, height - 2);
        lines.AddRange(PowerRows(snapshot.Meters, history, columns, rows - lines.Count));
        return [.. lines.Take(rows).Select(line => line with { Text = CellText.Clip(line.Text, columns) })];
    }

    /// <summary>The power of each meter. Where there is no room for all, the last row says how many are missing.</summary>
    private static IEnumerable<BlockLine> PowerRows(IReadOnlyList<LiveMeter> meters, LiveHistory history, int columns, int room)
    {
        int shown = meters.Count <= room ? meters.Count : Math.Max(0, room - 1);
        int nameWidth = Math.Clamp(
            meters.Select(meter => CellText.Width(meter.Name)).DefaultIfEmpty().Max(),
            0,
            Math.Max(1, columns - NameWidth - WattsWidth - MinCourseWidth));
        for (int index = 0; index < shown; index++)
        {
            LiveMeter meter = meters[index];
            string name = CellText.ClipFront(meter.Name, nameWidth);
            string padding = new(' ', Math.Max(0, nameWidth - CellText.Width(name)));
            double[] course = [.. history.Of(meter.Name).TakeLast(columns - NameWidth - WattsWidth - nameWidth)];
            string watts = LiveText.Watts(meter.Watts).PadLeft(WattsWidth - 2);
            yield return new(Row(index == 0 ? "power" : "", $"{watts} {name}{padding} {TerminalSparkline.Of(course)}".TrimEnd()));
        }

        if (shown < meters.Count)
        {
            yield return new(Row("", $"and {meters.Count - shown} more meters"), BlockStyle.Faint);
        }
    }

    private static IEnumerable<BlockLine> Rows(LiveSnapshot snapshot, LiveLoad load)
    {
        yield return new(Row(
            "requests",
            $"{LiveText.Count(load.InFlight)} in flight   {LiveText.Count(load.Completed)} completed   "
            + $"{LiveText.Count(load.Failed)} failed   {LiveText.Count(load.Sent)} of {LiveText.Count(load.Planned)} sent"));
        yield return new(Row(
            "last 10 s", $"{LiveText.Rate(load.OutputTokensPerSecond)} tokens/s   {LiveText.Rate(load.RequestsPerSecond)} requests/s"));
        yield return new(Row("", $"TTFT p50 {Cell(load.TtftP50Seconds)}   p99 {Cell(load.TtftP99Seconds)}".TrimEnd()));
        yield return new(Row("", $"TBT  p50 {Cell(load.TbtP50Seconds)}   p99 {Cell(load.TbtP99Seconds)}".TrimEnd()));
        yield return new(Row("client", Lateness(load)));
        yield return new(Row("energy", Energy(snapshot, load)));
    }

    private static string Energy(LiveSnapshot snapshot, LiveLoad load) => load.JoulesPerOutputToken is { } joules
        ? $"{LiveText.Digits(joules)} J/token since the load began"
        : snapshot.Meters.Count == 0 ? "not measured: no meter is read" : "not known yet";

    private static string Lateness(LiveLoad load) =>
        load.ScheduleLagP99Seconds is { } lag ? $"sends {LiveText.Latency(lag)} late at p99" : "lateness not known yet";

    private static string Cell(double? seconds) => LiveText.Latency(seconds).PadRight(7);

    private static string Row(string name, string text) => name.PadRight(NameWidth) + text;

    private static string ReasonRow(VerdictReason reason, bool isFirst) => Row(isFirst ? "so far" : "", $"{reason.Code}: {reason.Message}");

    /// <summary>The time that remains, of the load and of the whole command; empty where nobody knows.</summary>
    private static string Remaining(LiveSnapshot snapshot)
    {
        double? seconds = snapshot.PointsPlanned == 1 ? null : snapshot.Load?.RemainingSeconds;
        string? load = seconds is { } one ? $"this load {LiveText.Clock(one)}" : null;
        string? all = snapshot.RemainingSeconds is { } rest ? $"about {LiveText.Clock(rest)}" : null;
        return (load, all) switch
        {
            (null, null) => "",
            ({ } first, { } second) => $"{first}, all {second} left",
            _ => $"{load ?? all} left",
        };
    }

    /// <summary>Which point runs, and what came of those before; empty where there is nothing to say.</summary>
    private static string Points(LiveSnapshot snapshot)
    {
        int ended = snapshot.Ended.Count;
        int against = snapshot.Ended.Count(result => !result.IsValid);
        string planned = snapshot.PointsPlanned is { } all ? $" of {LiveText.Count(all)}" : "";
        string validity = against == 0 ? "all VALID" : $"{LiveText.Count(against)} not VALID";
        string past = ended == 0 ? "" : $"{LiveText.Count(ended)}{(snapshot.Point is null ? planned : "")} ended, {validity}";
        string present = snapshot.Point is { } point
            ? string.Create(CultureInfo.InvariantCulture, $"point {ended + 1}{planned}: {point}")
            : "";
        return string.Join("   ", new[] { present, past }.Where(part => part.Length > 0));
    }

    /// <summary>The share of the work that is done; <c>null</c> where nobody knows.</summary>
    private static double? Share(LiveSnapshot snapshot)
    {
        if (snapshot.Search is { MaxSimulations: > 0 } search)
        {
            return (double)search.Trials.Count / search.MaxSimulations;
        }

        double? load = snapshot.Load is { RemainingSeconds: { } remaining } running
            ? running.ElapsedSeconds / Math.Max(1e-9, running.ElapsedSeconds + remaining)
            : null;
        return snapshot.PointsPlanned is { } planned and > 1 ? (snapshot.Ended.Count + (load ?? 0)) / planned : load;
    }

    private static string Bar(double share, int columns)
    {
        int room = Math.Max(1, columns - PercentWidth);
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * room);
        string percent = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Clamp(share, 0, 1) * 100):0} %");
        return new string('█', full) + new string('░', room - full) + percent.PadLeft(PercentWidth);
    }

    /// <summary>Two texts at the ends of a line. The right one stays whole.</summary>
    private static string Ends(string left, string right, int columns)
    {
        int room = Math.Max(0, columns - CellText.Width(right) - (right.Length > 0 ? 1 : 0));
        string cut = CellText.Clip(left, room);
        return right.Length == 0 ? cut : cut + new string(' ', Math.Max(0, columns - CellText.Width(cut) - CellText.Width(right))) + right;
    }
}
