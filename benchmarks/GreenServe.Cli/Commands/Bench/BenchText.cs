using System.Globalization;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Search.Benches;

namespace GreenServe.Cli.Commands.Bench;

/// <summary>The words of a bench: a line for each load, then the table and the answer.</summary>
internal static class BenchText
{
    /// <summary>Width from which on every column has room (letters).</summary>
    private const int WholeWidth = 125;

    private static readonly TableColumn[] Columns =
    [
        new("load", true, LoadOf),
        new(">TTFT ms", true, result => Pair(result.Metrics.Latencies.Ttft)),
        new(">TBT ms", true, result => Pair(result.Metrics.Latencies.Tbt)),
        new(">E2E ms", false, result => Pair(result.Metrics.Latencies.E2e)),
        new(">requests", false, result => result.Metrics.Counts.Completed.ToString(CultureInfo.InvariantCulture)),
        new(">tokens/s", true, result => Number(result.Metrics.OutputTokensPerSecond)),
        new(">W", false, result => Number(result.Metrics.Energy.MeanWatts)),
        new(">J/token", true, result => Number(result.Metrics.JoulesPerOutputToken)),
        new(">J/request", false, result => Number(result.Metrics.JoulesPerRequest)),
        new("result", true, ResultOf),
    ];

    /// <summary>One line for a load that has ended.</summary>
    internal static string LineOf(LoadResult result)
    {
        RunMetrics metrics = result.Metrics;
        string energy = metrics.JoulesPerOutputToken.Value is { } joules ? $"{NumberText.Rounded(joules)} J/token"
            : metrics.JoulesPerRequest.Value is { } perRequest ? $"{NumberText.Rounded(perRequest)} J/request"
            : "no energy";
        string codes = result.IsVoid ? $": {string.Join(", ", metrics.Reasons.Select(reason => reason.Code).Distinct())}" : "";
        return $"{result.Load.Text,-16}  TTFT {Pair(metrics.Latencies.Ttft)} ms  TBT {Pair(metrics.Latencies.Tbt)} ms  "
            + $"{Number(metrics.OutputTokensPerSecond)} tokens/s  {energy}  {ResultOf(result)}{codes}";
    }

    /// <summary>Writes the table and the answer.</summary>
    internal static void Write(BenchResult result, TextWriter output)
    {
        TerminalParagraph.Write("", HeadOf(result), output);
        output.WriteLine("Latencies are p50/p99. A load in /s is a rate of requests.");
        bool isWide = TerminalConsole.WidthOf(output) >= WholeWidth;
        TableColumn[] shown = [.. Columns.Where(column => isWide || column.IsEssential)];
        TerminalTable.Write(
            output,
            [.. shown.Select(column => column.Heading)],
            result.Results.Select(one => (string[])[.. shown.Select(column => column.CellOf(one))]));
        foreach ((string name, string sentence) in Answer(result))
        {
            TerminalParagraph.Write($"{name,-9}", sentence, output);
        }
    }

    /// <summary>What was found about the server, a name and a sentence each.</summary>
    internal static IEnumerable<(string Name, string Sentence)> Answer(BenchResult result)
    {
        yield return ("best", BestOf(result));
        if (result.Knee is { } knee)
        {
            yield return ("knee", $"{knee.Load}: above it more load brings more latency than throughput.");
        }

        if (CapacityOf(result) is { } capacity)
        {
            yield return ("capacity", capacity);
        }

        if (result.LimitOfTheClient is { } limit)
        {
            yield return (
                "client",
                $"the client could not drive {limit.Load} undisturbed, so the capacity of the server is not known and a "
                + "higher load may cost less. Run the client on a machine that is idle: greenserve check-client says what it can drive.");
        }

        yield return EnergyOf(result);
        foreach (LoadResult one in result.Results.Where(one => one.IsVoid || (!one.IsValid && !one.IsAboveCapacity)))
        {
            yield return ("INVALID", $"{one.Load}: {string.Join("; ", one.Metrics.Reasons.Select(reason => reason.Message))}");
        }

        if (result.StoppedBy is { } reason)
        {
            yield return ("stopped", reason);
        }

        if (result.IsInterrupted)
        {
            yield return ("stopped", "You stopped the bench. The results so far are whole; --resume goes on.");
        }
    }

    private static string HeadOf(BenchResult result)
    {
        RunMetrics first = result.Results[0].Metrics;
        string evidence = EnumText.Of(first.Manifest.Evidence);
        string what = first.Manifest.Evidence == EvidenceKind.Simulated ? "no hardware was measured" : ScopeOf(first.Energy);
        return $"{evidence} evidence ({what}): {first.Manifest.Model} on {first.Manifest.Environment.Server ?? "an unknown server"}";
    }

    private static string ScopeOf(RunEnergy energy) =>
        energy.Scope is { } scope ? $"{EnumText.Of(scope)} scope" : "energy not measured";

    private static string LoadOf(LoadResult result) =>
        result.Load.Users is null ? $"{NumberText.Short(result.Load.RequestsPerSecond!.Value)}/s" : result.Load.Text;

    private static string BestOf(BenchResult result)
    {
        if (result.Best is { } best)
        {
            RunMetrics metrics = best.Metrics;
            string energy = (metrics.JoulesPerOutputToken.Value, metrics.JoulesPerRequest.Value) switch
            {
                (null, null) => "energy not measured, ",
                (null, _) => $"{WithError(metrics.JoulesPerRequest)} J per request (its tokens are not known), ",
                _ => $"{WithError(metrics.JoulesPerOutputToken)} J per output token, {WithError(metrics.JoulesPerRequest)} J per request, ",
            };
            string within = result.HasSlo ? $", within {metrics.Slo!.Profile}" : " (no SLO was asked for: --slo sets one)";
            return $"{best.Load}: {energy}{Number(metrics.OutputTokensPerSecond)} tokens/s, "
                + $"TTFT p99 {Milliseconds(metrics.Latencies.Ttft?.P99Seconds)} ms, "
                + $"TBT p99 {Milliseconds(metrics.Latencies.Tbt?.P99Seconds)} ms{within}.";
        }

        if (result.NearestToSlo is { Metrics.Slo: { } slo } nearest)
        {
            SloLimitResult worst = slo.Limits.Where(limit => limit.Ratio is not null).MaxBy(limit => limit.Ratio)!;
            string limit = worst.FoundSeconds is { } found
                ? $"{Milliseconds(found)} ms, limit {Milliseconds(worst.Limit.LimitSeconds)} ms"
                : FormattableString.Invariant($"{worst.Ratio:P0} of its limit");
            return $"no load is within {slo.Profile}. The nearest is {nearest.Load}, with "
                + FormattableString.Invariant($"{EnumText.Of(worst.Limit.Metric)} p{worst.Limit.Percentile:0.##} at {limit}.");
        }

        return result.Results.Any(one => one.IsValid) ? "no load could be held against the SLO." : "no run is VALID.";
    }

    private static string? CapacityOf(BenchResult result) => (result.HighestFollowed, result.LowestAboveCapacity) switch
    {
        ({ } followed, { } above) => $"the server followed {followed.Load}, and not {above.Load}.",
        ({ } followed, null) => $"the server followed {followed.Load}, the highest rate with a run that counts.",
        (null, { } above) => $"the server did not follow {above.Load}, the lowest rate that was offered.",
        _ => null,
    };

    private static (string Name, string Sentence) EnergyOf(BenchResult result)
    {
        if (result.Results.All(one => one.Metrics.Energy.Joules.Value is null))
        {
            return ("energy", result.Results[0].Metrics.Energy.Joules.ToString());
        }

        LoadResult? lowest = result.Results
            .Where(one => one.IsValid || result.Best is null).MinBy(one => one.Metrics.OutputTokensPerSecond.Value);
        IEnumerable<LoadResult> shown = new[] { lowest, result.Best }.OfType<LoadResult>().Distinct();
        string[] shares = [.. from one in shown
                              let share = BenchResult.IdleShareOf(one)
                              where share is not null
                              select FormattableString.Invariant($"{share:P0} at {one.Load}")];
        return ("idle", shares.Length == 0
            ? $"not measured: {result.Results[0].Metrics.Breakdown?.Note ?? "no baseline"}"
            : $"{string.Join(" and ", shares)} of the energy would flow without any request.");
    }

    private static string WithError(Reading reading) =>
        reading switch
        {
            { Value: { } value, ErrorBound: > 0 and { } error } => NumberText.WithError(value, error),
            { Value: { } value } => NumberText.Rounded(value),
            _ => "-",
        };

    private static string ResultOf(LoadResult result) =>
        result.IsVoid ? "INVALID"
        : result.IsAboveCapacity ? "above capacity"
        : (result.IsValid, result.IsWithinSlo) switch
        {
            (false, _) => "INVALID",
            (true, true) => "within SLO",
            (true, false) => $"{MissedBy(result)} missed",
            (true, null) => "VALID",
        };

    /// <summary>The latency that is farthest above its limit.</summary>
    private static string MissedBy(LoadResult result) => result.Metrics.Slo!.Limits.Where(limit => limit.Holds == false)
        .MaxBy(limit => limit.Ratio) is { } worst ? EnumText.Of(worst.Limit.Metric).ToUpperInvariant() : "SLO";

    private static string Pair(LatencySummary? latency) =>
        latency is null ? "-" : $"{Milliseconds(latency.P50Seconds)}/{Milliseconds(latency.P99Seconds)}";

    private static string Milliseconds(double? seconds) => seconds is { } known ? NumberText.Rounded(known * 1000) : "-";

    private static string Number(Reading reading) => reading.Value is { } value ? NumberText.Rounded(value) : "-";

    /// <summary>A column of the table.</summary>
    /// <param name="Heading">Its heading; one that begins with <c>&gt;</c> is aligned right.</param>
    /// <param name="IsEssential">Whether a narrow terminal shows it too. The report has every column.</param>
    /// <param name="CellOf">The cell of a load.</param>
    private sealed record TableColumn(string Heading, bool IsEssential, Func<LoadResult, string> CellOf);
}
