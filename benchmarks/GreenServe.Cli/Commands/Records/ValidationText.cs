using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Cli.Commands.Records;

/// <summary>The result of <c>greenserve validate</c> in the terminal, in lines of 80 columns.</summary>
internal static class ValidationText
{
    private const int NameWidth = 28;

    /// <summary>Number of different hosts that are described.</summary>
    private const int MaxHosts = 3;

    private static readonly (string Group, string Title)[] Groups =
    [
        ("source", "source"), ("engine", "engine"), ("gpu", "GPU"), ("precision", "precision"),
        ("tensor_parallelism", "parallelism"), ("batch", "requests at once"),
    ];

    private static readonly PointMetric[] Metrics = Enum.GetValues<PointMetric>();

    internal static void Write(ValidationReport report, TextWriter output)
    {
        IReadOnlyList<ErrorRow> errors = report.Errors();
        int simulated = report.Results.Count(result => result.Prediction is not null);
        int all = report.Results.Count;
        output.WriteLine($"{all} {(all == 1 ? "point" : "points")}, {simulated} simulated, {all - simulated} skipped.");
        WriteTotals(errors, output);
        WriteNotes(report, output);
        foreach ((string group, string title) in Groups)
        {
            WriteGroup([.. errors.Where(row => row.Group == group)], title, output);
        }

        WriteRatios(KnobErrors.Of(report), output);
    }

    private static void WriteTotals(IReadOnlyList<ErrorRow> errors, TextWriter output)
    {
        output.WriteLine(
            $"{"split",-11} {"metric",-16} {"points",6} {"MAPE %",6} {"bias %",6} {"p90 %",5} {"noise %",7} {"worst %",7} of point");
        foreach (ErrorRow row in errors.Where(row => row.Group == "all"))
        {
            string name = $"{row.Split,-11} {EnumText.Of(row.Metric),-16} {row.Points,6}";
            string numbers = string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * row.MeanAbsoluteRatio,6:F1} {100 * row.BiasRatio,6:F1} "
                    + $"{100 * row.AbsoluteRatioP90,5:F1} {NoiseOf(row),7} {100 * row.WorstRatio,7:F1}");
            output.WriteLine(TerminalTable.Clean($"{name} {numbers} {row.WorstId}"));
        }
    }

    private static void WriteNotes(ValidationReport report, TextWriter output)
    {
        output.WriteLine("Noise: repeated measurements of one configuration. A dash: no repeats.");
        int queueing = report.Results.Count(result => result.IsQueueing && result.Point.TtftSeconds is not null);
        if (queueing > 0)
        {
            string limit = string.Create(CultureInfo.InvariantCulture, $"{100 * PointResult.MaxQueueingShare:F0} %");
            string points = queueing == 1 ? "point" : "points";
            TerminalParagraph.Write(
                "",
                $"ttft leaves out {queueing} {points} whose requests wait for others more than {limit} of it, by the simulator.",
                output);
        }

        string[] coverage =
        [
            .. BandCoverage.Of(report).Select(item => string.Create(
                CultureInfo.InvariantCulture,
                $"{EnumText.Of(item.Metric)} {100 * item.CoveredShare:F0} % of {item.Errors}")),
        ];
        if (coverage.Length > 0)
        {
            string held = string.Join(", ", coverage);
            TerminalParagraph.Write("", $"Error bands of 80 % that know the other campaigns alone hold: {held} held-out points.", output);
        }

        IGrouping<string, PointResult>[] hosts = [.. report.Results.Where(result => result.HostScaling is not null)
            .GroupBy(result => result.HostScaling!).OrderByDescending(group => group.Count())];
        foreach (IGrouping<string, PointResult> host in hosts.Take(MaxHosts))
        {
            TerminalParagraph.Write("", $"Host of {host.Count()} {(host.Count() == 1 ? "record" : "records")}: {host.Key}.", output);
        }

        if (hosts.Length > MaxHosts)
        {
            output.WriteLine($"Hosts of {hosts.Skip(MaxHosts).Sum(host => host.Count())} more records: see their environment.host_speed.");
        }

        foreach (string note in report.Notes)
        {
            TerminalParagraph.Write("", note, output);
        }

        foreach ((string reason, int points, string names) in report.Skipped())
        {
            TerminalParagraph.Write("", $"skipped {points}: {reason} ({names})", output);
        }
    }

    /// <summary>Writes the mean absolute errors of a group: a line for each of its values and splits, and one for their noise.</summary>
    private static void WriteGroup(IReadOnlyList<ErrorRow> rows, string title, TextWriter output)
    {
        if (rows.Count == 0)
        {
            return;
        }

        output.WriteLine();
        string columns = string.Concat(new[] { "ttft", "tbt", "tok/s", "W", "J/tok" }.Select(name => $"{name,7}"));
        output.WriteLine($"{$"MAPE %, by {title}",-NameWidth} {"split",-9} {"points",6}{columns}");
        foreach (IGrouping<string, ErrorRow> value in rows.GroupBy(row => row.Name))
        {
            foreach (IGrouping<string, ErrorRow> split in value.GroupBy(row => row.Split))
            {
                string numbers = Numbers(metric => split.FirstOrDefault(row => row.Metric == metric) is { } row
                    ? Percent(row.MeanAbsoluteRatio)
                    : "-");
                WriteLine(value.Key, split.Key == "validation" ? "held out" : "fitted", $"{split.Max(row => row.Points)}", numbers);
            }

            if (value.Any(row => row.Noise is not null))
            {
                WriteLine("", "noise", "", Numbers(metric => value.FirstOrDefault(row => row.Metric == metric) is { } row
                    ? NoiseOf(row)
                    : "-"));
            }
        }

        void WriteLine(string name, string split, string points, string numbers) =>
            output.WriteLine(TerminalTable.Clean($"{Shortened(name),-NameWidth} {split,-9} {points,6}{numbers}"));
    }

    /// <summary>Writes what the ratio of two predictions may be off by, where only one knob differs.</summary>
    private static void WriteRatios(IReadOnlyList<KnobErrors> errors, TextWriter output)
    {
        if (errors.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{"ratio of neighbouring values",-NameWidth} {"metric",-16} {"pairs",6} {"campaigns",9}  80 % band");
        foreach (KnobErrors row in errors)
        {
            string band = string.Create(CultureInfo.InvariantCulture, $"{row.Band.LowFactor:F2} to {row.Band.HighFactor:F2}");
            output.WriteLine($"{row.Knob,-NameWidth} {EnumText.Of(row.Metric),-16} {row.Pairs,6} {row.Campaigns,9}  {band}");
        }
    }

    private static string Numbers(Func<PointMetric, string> numberOf) =>
        string.Concat(Metrics.Select(metric => $"{numberOf(metric),7}"));

    private static string Shortened(string name) => name.Length <= NameWidth ? name : $"{name[..(NameWidth - 1)]}…";

    private static string NoiseOf(ErrorRow row) => row.Noise is { } noise ? Percent(noise.MeanAbsoluteLogRatio) : "-";

    private static string Percent(double ratio) => (100 * ratio).ToString("F1", CultureInfo.InvariantCulture);
}
