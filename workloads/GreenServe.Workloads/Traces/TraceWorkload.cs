using System.Globalization;
using System.Text;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Traces;

/// <summary>
/// A workload that resembles a trace and can be run without it. It holds arrivals, class shares, and quantile tables of the lengths
/// in each band. It is written as the text of a <c>*.workload.yaml</c> file.
/// </summary>
/// <remarks>
/// Where the variation of gaps is small, arrivals are a gamma process with the trace's rate and variation. Where it is large, they
/// are counts in short windows, since independent gaps would exaggerate bursts (decision 0010). The workload keeps the rate, the
/// shares of the nine classes and both length distributions. It loses the correlation of lengths inside a class and over time and,
/// with gamma arrivals, changes of the rate. A replay of the trace keeps all of them.
/// </remarks>
public sealed record TraceWorkload
{
    private const int PointsPerLine = 4;
    private const int CommentWidth = 120;
    private const double LargestGammaVariation = 1.5;
    private const double ShortestWindowSeconds = 2;
    private const int MaxWindows = 2000;
    private const int CountsPerLine = 40;

    // Shares of the quantile tables: every 5 %, and finer in the tail, where the long requests are.
    private static readonly double[] Shares = [.. Enumerable.Range(0, 20).Select(step => step * 5 / 100.0), 0.975, 0.99, 1];

    /// <summary>Name of the workload.</summary>
    public required string Name { get; init; }

    /// <summary>What the workload is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Source of the trace, with its licence and attribution.</summary>
    public required string Source { get; init; }

    /// <summary>The model that requests ask for.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the SLO; <c>null</c> for none.</summary>
    public string? Slo { get; init; }

    /// <summary>Length of the workload (s) where its arrivals are a gamma process. Counts end with the trace.</summary>
    public double DurationSeconds { get; init; } = 600;

    /// <summary>Length of the warm-up (s).</summary>
    public double WarmUpSeconds { get; init; } = 60;

    /// <summary>Cuts of the request classes. The bands of the length tables begin at them.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>Makes the text of the workload file.</summary>
    /// <param name="trace">The trace. Its requests must not all arrive at the same time.</param>
    /// <exception cref="InvalidInputException">All requests arrive at the same time, so there is no rate.</exception>
    public string ToYaml(Trace trace)
    {
        TraceSummary summary = TraceSummary.Of(trace, Classes);
        if (summary.RequestsPerSecond is not { } rate || summary.GapCoefficientOfVariation is not { } variation)
        {
            throw new InvalidInputException(new Problem(
                "trace", "requests that all arrive at once, which have no rate", "at least two different times of arrival"));
        }

        bool smooth = variation <= LargestGammaVariation;
        StringBuilder yaml = new();
        AppendHead(yaml, smooth ? "gamma arrivals with its rate and variation of gaps" : "its requests in windows of equal length");
        yaml.Append(smooth
                ? FormattableString.Invariant(
                    $"arrival: {{ kind: gamma, requests_per_second: {rate:0.####}, coefficient_of_variation: {variation:0.####} }}\n")
                : Windows(trace, summary.SpanSeconds))
            .Append("lengths:\n  kind: class_mix\n  weights: { ")
            .AppendJoin(", ", Weights(summary))
            .Append(" }\n");
        IEnumerable<int> inputs = trace.Requests.Select(request => request.InputTokens);
        IEnumerable<int> outputs = trace.Requests.Select(request => request.OutputTokens);
        AppendBands(yaml, "input", inputs, Classes.MediumInputTokens, Classes.LongInputTokens);
        AppendBands(yaml, "output", outputs, Classes.MediumOutputTokens, Classes.LongOutputTokens);
        if (smooth)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"duration_seconds: {DurationSeconds:R}\n");
        }

        // Counts end with the trace, and a short trace may not consist of warm-up alone.
        double warmUp = smooth ? WarmUpSeconds : Math.Min(WarmUpSeconds, Math.Round(summary.SpanSeconds / 10, 3));
        return yaml.Append(CultureInfo.InvariantCulture, $"warm_up_seconds: {warmUp:R}\nseed: 1\n").ToString();
    }

    private void AppendHead(StringBuilder yaml, string arrivals)
    {
        AppendComment(yaml, $"Purpose: {Purpose}.");
        AppendComment(yaml, $"Source: {Source}.");
        AppendComment(
            yaml,
            $"Made from the trace: {arrivals}, its class shares (weights are counts of requests), and quantiles of the lengths in each "
            + $"band. Percentiles: {TraceSummary.PercentileMethod}.");
        yaml.Append("name: ").Append(Quoted(Name)).Append('\n')
            .Append("purpose: ").Append(Quoted(Purpose)).Append('\n')
            .Append("source: ").Append(Quoted(Source)).Append('\n')
            .Append("model: ").Append(Quoted(Model)).Append('\n');
        if (Slo is not null)
        {
            yaml.Append("slo: ").Append(Quoted(Slo)).Append('\n');
        }

        yaml.Append(CultureInfo.InvariantCulture, $"classes: {{ medium_input_tokens: {Classes.MediumInputTokens}, ")
            .Append(CultureInfo.InvariantCulture, $"long_input_tokens: {Classes.LongInputTokens}, ")
            .Append(CultureInfo.InvariantCulture, $"medium_output_tokens: {Classes.MediumOutputTokens}, ")
            .Append(CultureInfo.InvariantCulture, $"long_output_tokens: {Classes.LongOutputTokens} }}\n");
    }

    private static IEnumerable<string> Weights(TraceSummary summary) => summary.ClassShares
        .Where(pair => pair.Share > 0)
        .Select(pair => FormattableString.Invariant($"{pair.Class}: {Math.Round(pair.Share * summary.Requests)}"));

    private static string Windows(Trace trace, double spanSeconds)
    {
        double start = trace.Requests[0].ArrivalSeconds;
        double window = Math.Max(ShortestWindowSeconds, Math.Ceiling(spanSeconds / MaxWindows));
        int[] counts = new int[(int)(spanSeconds / window) + 1];
        foreach (TraceRequest request in trace.Requests)
        {
            counts[(int)((request.ArrivalSeconds - start) / window)]++;
        }

        return FormattableString.Invariant($"arrival:\n  kind: counts\n  window_seconds: {window:R}\n  counts: [\n    ")
            + string.Join(",\n    ", counts.Chunk(CountsPerLine).Select(line => string.Join(", ", line)))
            + "\n  ]\n";
    }

    private static void AppendBands(StringBuilder yaml, string name, IEnumerable<int> tokens, int medium, int @long)
    {
        int[] sorted = [.. tokens.Order()];
        yaml.Append("  ").Append(name).Append(":\n");
        AppendBand(yaml, "short", [.. sorted.Where(length => length < medium)], ifEmpty: 1);
        AppendBand(yaml, "medium", [.. sorted.Where(length => length >= medium && length < @long)], ifEmpty: medium);
        AppendBand(yaml, "long", [.. sorted.Where(length => length >= @long)], ifEmpty: @long);
    }

    private static void AppendBand(StringBuilder yaml, string band, int[] sorted, int ifEmpty)
    {
        if (sorted.Length == 0)
        {
            // The classes of an empty band have no weight, so it is never drawn. The file format still requires a length.
            yaml.Append(CultureInfo.InvariantCulture, $"    {band}: {{ kind: fixed, tokens: {ifEmpty} }}\n");
            return;
        }

        IEnumerable<string> points = Shares.Select(share =>
            string.Create(CultureInfo.InvariantCulture, $"{{ at: {share:0.###}, tokens: {Percentile.Of(sorted, share):0.#} }}"));
        yaml.Append("    ").Append(band).Append(":\n      kind: quantiles\n      points: [\n        ")
            .AppendJoin(",\n        ", points.Chunk(PointsPerLine).Select(line => string.Join(", ", line)))
            .Append("\n      ]\n");
    }

    private static void AppendComment(StringBuilder yaml, string text)
    {
        int column = CommentWidth; // Full, so that the first word begins a line.
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            bool begins = column + 1 + word.Length > CommentWidth;
            yaml.Append(begins && yaml.Length > 0 && yaml[^1] != '\n' ? "\n" : "").Append(begins ? "# " : " ").Append(word);
            column = (begins ? 1 : column) + 1 + word.Length;
        }

        yaml.Append('\n');
    }

    // JSON text is valid YAML text, and every character of it is unambiguous.
    private static string Quoted(string text) => JsonSerializer.Serialize(text, DocumentContract.Options);
}
