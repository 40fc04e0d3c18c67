using GreenServe.Analysis.Formatting;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Reports;

/// <summary>The lines of a summary for each endpoint of a run with several.</summary>
internal static class EndpointSummary
{
    /// <summary>A line for each endpoint, in the order of their names; empty for a run with one.</summary>
    internal static IEnumerable<SummaryLine> Of(RunRecord record) => record.Manifest.Counters.ContainsKey(RunCounter.Endpoints.Name)
        ? record.Requests
            .Where(request => request.ScheduledSeconds >= record.Manifest.WarmUpSeconds)
            .GroupBy(request => request.ServerId ?? "not sent")
            .OrderBy(endpoint => endpoint.Key, StringComparer.Ordinal)
            .Select(endpoint => Line(endpoint.Key, [.. endpoint]))
        : [];

    private static SummaryLine Line(string name, RequestRecord[] requests)
    {
        double[] waits =
        [
            .. requests.Where(request => request.Status == RequestStatus.Completed)
                .Select(request => request.FirstTokenSeconds - request.IssuedSeconds).OfType<double>().Order(),
        ];
        int completed = requests.Count(request => request.Status == RequestStatus.Completed);
        string ttft = waits.Length == 0
            ? "TTFT not measured: no completed request"
            : $"TTFT {Milliseconds(waits, 0.5)} p50, {Milliseconds(waits, 0.99)} p99";
        string? failure = requests.FirstOrDefault(request => request.Error is not null)?.Error;
        string note = failure is null ? ttft : $"{ttft}; a failure: {failure}";
        return new SummaryLine(SummaryGroup.Throughput, $"endpoint {name}", $"{completed} of {requests.Length} completed", note);
    }

    private static string Milliseconds(double[] sorted, double share) =>
        $"{NumberText.Rounded(1000 * sorted[(int)Math.Ceiling(share * sorted.Length) - 1])} ms";
}
