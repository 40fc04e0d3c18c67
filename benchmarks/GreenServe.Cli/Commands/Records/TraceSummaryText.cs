using System.Globalization;
using GreenServe.Workloads.Traces;

namespace GreenServe.Cli.Commands.Records;

/// <summary>A trace's summary as text.</summary>
internal static class TraceSummaryText
{
    internal static void Write(Trace trace, string file, TextWriter output)
    {
        TraceSummary summary = TraceSummary.Of(trace);
        output.WriteLine($"{file} ({trace.Format}, timestamps in {trace.TimestampUnit})");
        Line("requests", Text($"{summary.Requests}"));
        Line("rows without tokens", Text($"{summary.RowsWithoutTokens} (left out)"));
        Line("span", Text($"{summary.SpanSeconds:F1} s"));
        Line("rate", summary.RequestsPerSecond is { } rate ? Text($"{rate:F3} requests/s") : "not defined: all requests arrive at once");
        Line("CV of gaps", summary.GapCoefficientOfVariation is { } variation ? Text($"{variation:F2}") : "not defined");
        Line("shared prefixes", Prefixes(trace, summary));
        Line(
            "requests a minute",
            summary.MinPerMinute is { } least ? Text($"{least} to {summary.MaxPerMinute}") : "not defined: shorter than a minute");
        output.WriteLine();
        output.WriteLine("  tokens         mean      p50      p90      p99");
        Lengths("input", summary.Input);
        Lengths("output", summary.Output);
        output.WriteLine($"  percentiles by {TraceSummary.PercentileMethod}");
        output.WriteLine();
        foreach (string unused in trace.Unused)
        {
            output.WriteLine($"  {unused}");
        }

        IEnumerable<string> shares = summary.ClassShares.Select(pair => Text($"{pair.Class} {pair.Share:P1}"));
        output.WriteLine("  class shares   " + string.Join("  ", shares));

        void Line(string name, string value) => output.WriteLine($"  {name,-20} {value}");

        void Lengths(string name, LengthSummary lengths) => output.WriteLine(
            Text($"  {name,-9} {lengths.MeanTokens,9:F1} {lengths.P50Tokens,8:F0} {lengths.P90Tokens,8:F0} {lengths.P99Tokens,8:F0}"));
    }

    private static string Prefixes(Trace trace, TraceSummary summary) => summary.SharedShare is { } share
        ? Text($"{share * 100:0.#} % of the input tokens begin an earlier prompt (hash_ids of {trace.Prefixes!.BlockTokens} tokens)")
        : "none recorded, or not used";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
