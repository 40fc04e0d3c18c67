using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Metrics;

/// <summary>How the requests of a sample ended.</summary>
/// <param name="Total">Number of all requests of the sample.</param>
/// <param name="Completed">Number of requests that were completed.</param>
/// <param name="NotCompleted">Number of requests that were not completed, by their status.</param>
public sealed record RequestCounts(int Total, int Completed, IReadOnlyDictionary<RequestStatus, int> NotCompleted);
