using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;

namespace GreenServe.Serving.Interop;

/// <summary>
/// Writes a run record in the format of <c>vllm bench serve --save-result</c>, so that scripts written for that format go on working.
/// </summary>
/// <remarks>
/// Names and units are vLLM's: milliseconds for latencies, seconds for the duration. So are its placeholders: a failed request has the
/// TTFT 0, the output length 0 and an error text, and every other request has an empty error text. Latencies are those of completed
/// requests after the warm-up. TTFT and E2E count from the issue of the request. Percentiles are linearly interpolated as vLLM's are.
/// Throughput and goodput are over the whole measured time, as vLLM's are, and not over the steady window. Gaps are those between the
/// chunks of a request. Where the record keeps no token times, they come from a histogram with bins of 0.8 %, the list of gaps is left
/// out, and the highest token rate takes the tokens of a request to be spread evenly.
/// </remarks>
public static class VllmBenchResult
{
    private const double Milliseconds = 1e3;

    /// <summary>Writes the result file.</summary>
    /// <param name="record">The record of a finished run.</param>
    /// <param name="path">The file to write. An existing file is replaced.</param>
    /// <param name="percentiles">Percentiles to report, in (0, 100]; <c>null</c> for vLLM's default, which is 99.</param>
    /// <exception cref="InvalidInputException">The file is part of a run record, or cannot be written.</exception>
    public static void Write(RunRecord record, string path, IReadOnlyList<double>? percentiles = null)
    {
        RunFiles.RequireOutsideOfRecord(path);
        OutputFile.Replace(path, Of(record, percentiles).ToJsonString(new JsonSerializerOptions(DocumentContract.Indented)) + "\n");
    }

    /// <summary>Makes the result as a JSON object.</summary>
    /// <param name="record">The record of a finished run.</param>
    /// <param name="percentiles">Percentiles to report, in (0, 100]; <c>null</c> for vLLM's default, which is 99.</param>
    /// <exception cref="InvalidInputException">The server of the run counted no tokens.</exception>
    public static JsonObject Of(RunRecord record, IReadOnlyList<double>? percentiles = null)
    {
        RunManifest manifest = record.Manifest;
        if (manifest.Counters.ContainsKey(RunCounter.RequestsCountedByEvents.Name))
        {
            throw new InvalidInputException(
                new Problem("record", "a run whose server counts no tokens", "a run whose tokens are counted", record.Folder));
        }

        RequestRecord[] measured = [.. record.Requests.Where(request => request.ScheduledSeconds >= manifest.WarmUpSeconds)];
        RequestRecord[] completed = [.. measured.Where(IsCompleted)];
        double duration = DurationOf(measured);
        VllmTokenTimes times = new(record.TokenTimes, completed);
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
            ["request_goodput"] = GoodputOf(manifest.Slo, completed, duration),
            ["output_throughput"] = Rate(output, duration),
            ["total_token_throughput"] = Rate(input + output, duration),
            ["max_output_tokens_per_s"] = times.HighestTokensPerSecond(),
            ["max_concurrent_requests"] = HighestConcurrency(completed),
        };
        AddLatencies(result, completed, percentiles ?? [99]);
        AddGaps(result, times, record, percentiles ?? [99]);
        AddRequests(result, measured);
        if (times.AreKept)
        {
            result["itls"] = ArrayOf(measured, request => IsCompleted(request) ? times.GapsOf(request) : []);
        }

        result["greenserve_evidence"] = EnumText.Of(manifest.Evidence);
        result["greenserve_verdict"] = manifest.Verdict.ToString();
        return result;
    }

    private static void AddLatencies(JsonObject result, RequestRecord[] completed, IReadOnlyList<double> percentiles)
    {
        Add(result, "ttft", [.. completed.Select(TimeToFirstToken).OfType<double>()], percentiles);
        Add(result, "tpot", [.. completed.Select(TimePerOutputToken).OfType<double>()], percentiles);
        Add(result, "e2el", [.. completed.Select(EndToEnd).OfType<double>()], percentiles);
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

    private static void AddGaps(JsonObject result, VllmTokenTimes times, RunRecord record, IReadOnlyList<double> percentiles)
    {
        if (times.AreKept)
        {
            Add(result, "itl", [.. times.Gaps], percentiles);
            return;
        }

        LatencyHistogram gaps = ChunkGapsOf(record);
        result["mean_itl_ms"] = gaps.Count == 0 ? null : Milliseconds * gaps.SumSeconds / gaps.Count;
        result["median_itl_ms"] = Milliseconds * gaps.PercentileSeconds(50);
        result["std_itl_ms"] = Milliseconds * gaps.DeviationSeconds;
        foreach (double percentile in percentiles)
        {
            result[$"p{Name(percentile)}_itl_ms"] = Milliseconds * gaps.PercentileSeconds(percentile);
        }
    }

    private static void AddRequests(JsonObject result, RequestRecord[] measured)
    {
        result["input_lens"] = ArrayOf(measured, request => request.InputTokensCounted ?? request.InputTokensAsked);
        result["output_lens"] = ArrayOf(measured, request => IsCompleted(request) ? request.OutputTokensCounted ?? 0 : 0);
        result["start_times"] = ArrayOf(measured, request => request.IssuedSeconds ?? request.ScheduledSeconds);
        result["ttfts"] = ArrayOf(measured, request => IsCompleted(request) ? TimeToFirstToken(request) ?? 0 : 0);
        result["generated_texts"] = ArrayOf(measured, _ => "");
        result["errors"] = ArrayOf(measured, request => request.Error ?? "");
    }

    private static JsonArray ArrayOf<T>(RequestRecord[] requests, Func<RequestRecord, T> value) =>
        [.. requests.Select(request => JsonSerializer.SerializeToNode(value(request), DocumentContract.Indented))];

    /// <summary>
    /// The gaps between chunks, in bins. The tokens of one chunk have gaps of zero between them, which vLLM does not list.
    /// </summary>
    private static LatencyHistogram ChunkGapsOf(RunRecord record)
    {
        LatencyHistogram all = new();
        foreach (LatencyHistogram gaps in record.TokenGaps.Values)
        {
            foreach ((int bin, long count) in gaps.Bins.Where(bin => bin.Key > 0))
            {
                all.AddBin(bin, count, gaps.BinSumSeconds(bin), gaps.BinSumSquareSeconds(bin));
            }
        }

        return all;
    }

    /// <summary>
    /// Completed requests per second that kept every limit of the SLO; <c>null</c> without an SLO, and for one that is stated as multiples.
    /// </summary>
    private static double? GoodputOf(SloProfile? slo, RequestRecord[] completed, double duration)
    {
        if (slo is null || slo.Limits.Any(limit => limit.LimitSeconds is null))
        {
            return null;
        }

        int good = completed.Count(request => slo.Limits.All(limit => !limit.AppliesTo(request.Class) || Keeps(request, limit)));
        return Rate(good, duration);
    }

    /// <summary>Whether a request keeps a limit. A request without such a latency does, as one of a single token does in vLLM.</summary>
    private static bool Keeps(RequestRecord request, SloLimit limit) => limit.Metric switch
    {
        SloMetric.Ttft => TimeToFirstToken(request),
        SloMetric.Tbt => request.TbtP99Seconds ?? TimePerOutputToken(request),
        SloMetric.Tpot => TimePerOutputToken(request),
        _ => EndToEnd(request),
    } is not { } latency || latency <= limit.LimitSeconds;

    /// <summary>Highest number of completed requests in flight at one time. One that ends as another begins is not beside it.</summary>
    private static int HighestConcurrency(RequestRecord[] completed)
    {
        int highest = 0;
        int inFlight = 0;
        IEnumerable<(double Seconds, int Change)> changes = completed
            .Where(request => request is { IssuedSeconds: not null, CompletedSeconds: not null })
            .SelectMany(request => new[] { (request.IssuedSeconds!.Value, 1), (request.CompletedSeconds!.Value, -1) });
        foreach ((_, int change) in changes.Order())
        {
            inFlight += change;
            highest = Math.Max(highest, inFlight);
        }

        return highest;
    }

    private static bool IsCompleted(RequestRecord request) => request.Status == RequestStatus.Completed;

    private static double? TimeToFirstToken(RequestRecord request) => request.FirstTokenSeconds - request.IssuedSeconds;

    private static double? EndToEnd(RequestRecord request) => request.CompletedSeconds - request.IssuedSeconds;

    /// <summary>TPOT: up to the last token, or to the end of the response in records that do not keep the time of the last token.</summary>
    private static double? TimePerOutputToken(RequestRecord request) => request.OutputTokensCounted > 1
        ? ((request.LastTokenSeconds ?? request.CompletedSeconds) - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1)
        : null;

    /// <summary>Time from the first issue to the last end (s); 0 without requests, as vLLM writes it.</summary>
    private static double DurationOf(RequestRecord[] measured) => measured.Length == 0
        ? 0
        : measured.Max(request => request.CompletedSeconds ?? request.ScheduledSeconds)
            - measured.Min(request => request.IssuedSeconds ?? request.ScheduledSeconds);

    /// <summary>
    /// Requests per second as scheduled; the text <c>inf</c>, as vLLM writes it, where only the number of users limits the rate.
    /// </summary>
    private static JsonValue OfferedRate(RequestRecord[] measured, int? concurrency)
    {
        double[] scheduled = [.. measured.Select(request => request.ScheduledSeconds)];
        return concurrency is null && scheduled.Length > 1 && scheduled.Max() - scheduled.Min() is > 0 and var span
            ? JsonValue.Create((scheduled.Length - 1) / span)
            : JsonValue.Create("inf");
    }

    private static double? Rate(double amount, double seconds) => seconds > 0 ? amount / seconds : null;

    /// <summary>
    /// A percentile by linear interpolation between the closest ranks, which is numpy's default and vLLM's method; <c>null</c> without
    /// values.
    /// </summary>
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
