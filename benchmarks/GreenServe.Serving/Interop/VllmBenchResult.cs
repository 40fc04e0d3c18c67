using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;

namespace GreenServe.Serving.Interop;

/// <summary>A run record in the format of <c>vllm bench serve --save-result</c>, so that scripts written for it go on working.</summary>
/// <remarks>
/// Same names and units: milliseconds for latencies, seconds for the duration. Latencies are of completed requests after the warm-up.
/// TTFT and E2E are from issue, as vLLM has them; its percentiles are linearly interpolated, those of token gaps are from a histogram
/// (0.4 %). Throughput is over the whole measured time, as vLLM's is, not over the steady window.
/// </remarks>
public static class VllmBenchResult
{
    private const double Milliseconds = 1e3;

    /// <summary>Writes the result file.</summary>
    /// <param name="record">A finished record.</param>
    /// <param name="path">The file.</param>
    /// <param name="percentiles">Percentiles to report; vLLM's default is 99 alone.</param>
    public static void Write(RunRecord record, string path, IReadOnlyList<double>? percentiles = null) =>
        OutputFile.Replace(path, Of(record, percentiles).ToJsonString(new JsonSerializerOptions(DocumentContract.Indented)) + "\n");

    /// <summary>The result as a JSON object.</summary>
    public static JsonObject Of(RunRecord record, IReadOnlyList<double>? percentiles = null)
    {
        RunManifest manifest = record.Manifest;
        RequestRecord[] measured = [.. record.Requests.Where(request => request.ScheduledSeconds >= manifest.WarmUpSeconds)];
        RequestRecord[] completed = [.. measured.Where(request => request.Status == RequestStatus.Completed)];
        double duration = DurationOf(measured);
        long input = completed.Sum(request => (long)(request.InputTokensCounted ?? request.InputTokensAsked));
        long output = completed.Sum(request => (long)(request.OutputTokensCounted ?? 0));
        JsonObject result = new()
        {
            ["date"] = manifest.StartedAt?.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture),
            ["endpoint_type"] = RecordedBackend.NameOf(manifest.Backend),
            ["backend"] = RecordedBackend.NameOf(manifest.Backend),
            ["label"] = null,
            ["model_id"] = manifest.Model,
            ["tokenizer_id"] = manifest.Model,
            ["num_prompts"] = measured.Length,
            ["request_rate"] = OfferedRate(measured, manifest.Concurrency),
            ["burstiness"] = null,
            ["max_concurrency"] = manifest.Concurrency,
            ["duration"] = duration,
            ["completed"] = completed.Length,
            ["failed"] = measured.Length - completed.Length,
            ["total_input_tokens"] = input,
            ["total_output_tokens"] = output,
            ["request_throughput"] = Rate(completed.Length, duration),
            ["request_goodput"] = null,
            ["output_throughput"] = Rate(output, duration),
            ["total_token_throughput"] = Rate(input + output, duration),
        };
        AddLatencies(result, completed, GapsOf(record), percentiles ?? [99]);
        AddRequests(result, measured);
        result["greenserve_verdict"] = manifest.Verdict.ToString();
        return result;
    }

    private static void AddLatencies(JsonObject result, RequestRecord[] completed, LatencyHistogram gaps, IReadOnlyList<double> percentiles)
    {
        Add(result, "ttft", [.. completed.Select(request => request.FirstTokenSeconds - request.IssuedSeconds).OfType<double>()], percentiles);
        Add(result, "tpot", [.. completed.Select(TimePerOutputToken).OfType<double>()], percentiles);
        AddGaps(result, gaps, percentiles);
        Add(result, "e2el", [.. completed.Select(request => request.CompletedSeconds - request.IssuedSeconds).OfType<double>()], percentiles);
    }

    private static void Add(JsonObject result, string name, double[] seconds, IReadOnlyList<double> percentiles)
    {
        Array.Sort(seconds);
        result[$"mean_{name}_ms"] = seconds.Length == 0 ? null : Milliseconds * seconds.Average();
        result[$"median_{name}_ms"] = Milliseconds * Interpolated(seconds, 50);
        result[$"std_{name}_ms"] = seconds.Length == 0 ? null : Milliseconds * Deviation(seconds);
        foreach (double percentile in percentiles)
        {
            result[$"p{Name(percentile)}_{name}_ms"] = Milliseconds * Interpolated(seconds, percentile);
        }
    }

    private static void AddGaps(JsonObject result, LatencyHistogram gaps, IReadOnlyList<double> percentiles)
    {
        double? mean = gaps.Count == 0 ? null : gaps.SumSeconds / gaps.Count;
        double? variance = gaps.Bins.Sum(bin => bin.Value * Math.Pow(LatencyHistogram.MiddleSeconds(bin.Key) - (mean ?? 0), 2)) / gaps.Count;
        result["mean_itl_ms"] = Milliseconds * mean;
        result["median_itl_ms"] = Milliseconds * gaps.PercentileSeconds(50);
        result["std_itl_ms"] = mean is null ? null : Milliseconds * Math.Sqrt(variance.Value);
        foreach (double percentile in percentiles)
        {
            result[$"p{Name(percentile)}_itl_ms"] = Milliseconds * gaps.PercentileSeconds(percentile);
        }
    }

    private static void AddRequests(JsonObject result, RequestRecord[] measured)
    {
        result["input_lens"] = ArrayOf(measured, request => request.InputTokensCounted ?? request.InputTokensAsked);
        result["output_lens"] = ArrayOf(measured, request => request.Status == RequestStatus.Completed ? request.OutputTokensCounted ?? 0 : 0);
        result["ttfts"] = ArrayOf(measured, request => request.Status == RequestStatus.Completed ? request.FirstTokenSeconds - request.IssuedSeconds ?? 0 : 0);
        result["generated_texts"] = ArrayOf(measured, _ => "");
        result["errors"] = ArrayOf(measured, request => request.Error ?? "");
    }

    private static JsonArray ArrayOf<T>(RequestRecord[] requests, Func<RequestRecord, T> value) =>
        [.. requests.Select(request => (JsonNode?)JsonValue.Create(value(request)))];

    private static LatencyHistogram GapsOf(RunRecord record)
    {
        LatencyHistogram all = new();
        foreach (LatencyHistogram gaps in record.TokenGaps.Values)
        {
            foreach ((int bin, long count) in gaps.Bins)
            {
                all.AddBin(bin, count);
            }
        }

        return all;
    }

    private static double? TimePerOutputToken(RequestRecord request) =>
        request.OutputTokensCounted > 1 ? (request.CompletedSeconds - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1) : null;

    private static double DurationOf(RequestRecord[] measured) => measured.Length == 0
        ? 0
        : measured.Max(request => request.CompletedSeconds ?? request.ScheduledSeconds) - measured.Min(request => request.IssuedSeconds ?? request.ScheduledSeconds);

    /// <summary>Requests per second as scheduled; vLLM writes <c>inf</c> where nothing but a concurrency limits the rate.</summary>
    private static JsonValue OfferedRate(RequestRecord[] measured, int? concurrency)
    {
        double span = measured.Length < 2 ? 0 : measured.Max(request => request.ScheduledSeconds) - measured.Min(request => request.ScheduledSeconds);
        return concurrency is not null || span <= 0 ? JsonValue.Create("inf") : JsonValue.Create((measured.Length - 1) / span);
    }

    private static double? Rate(double amount, double seconds) => seconds > 0 ? amount / seconds : null;

    /// <summary>Linear interpolation between closest ranks, numpy's default, which vLLM uses.</summary>
    private static double? Interpolated(double[] sorted, double percentile)
    {
        if (sorted.Length == 0)
        {
            return null;
        }

        double place = percentile / 100 * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static string Name(double percentile) => percentile.ToString("0.###", CultureInfo.InvariantCulture);
}
