using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Metrics;

/// <summary>How the requests of a sample ended.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Completed">Those whose tokens all came back.</param>
/// <param name="NotCompleted">The others, by status.</param>
public sealed record RequestCounts(int Total, int Completed, IReadOnlyDictionary<RequestStatus, int> NotCompleted)
{
    /// <summary>Requests whose instants are out of order; all are on one monotonic clock, so that such a record is damaged.</summary>
    public int Backwards { get; init; }

    /// <summary>Counts a sample.</summary>
    public static RequestCounts Of(IReadOnlyList<RequestRecord> requests) => new(
        requests.Count,
        requests.Count(request => request.Status == RequestStatus.Completed),
        requests.Where(request => request.Status != RequestStatus.Completed)
            .CountBy(request => request.Status).ToDictionary(pair => pair.Key, pair => pair.Value))
    {
        Backwards = requests.Count(request => request.FirstTokenSeconds < request.IssuedSeconds || request.CompletedSeconds < (request.FirstTokenSeconds ?? request.IssuedSeconds)),
    };
}
