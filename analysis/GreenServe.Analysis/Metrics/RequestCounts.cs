using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Metrics;

/// <summary>How the requests of a sample ended.</summary>
/// <param name="Total">Number of all requests of the sample.</param>
/// <param name="Completed">Number of requests that were completed.</param>
/// <param name="NotCompleted">Number of requests that were not completed, by their status.</param>
public sealed record RequestCounts(int Total, int Completed, IReadOnlyDictionary<RequestStatus, int> NotCompleted)
{
    /// <summary>Counts the requests of a sample.</summary>
    public static RequestCounts Of(IReadOnlyList<RequestRecord> requests) => new(
        requests.Count,
        requests.Count(request => request.Status == RequestStatus.Completed),
        requests.Where(request => request.Status != RequestStatus.Completed)
            .CountBy(request => request.Status).ToDictionary(pair => pair.Key, pair => pair.Value));
}
