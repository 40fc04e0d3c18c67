namespace GreenServe.Records.Requests;

/// <summary>
/// The largest requests and workloads that GreenServe accepts. A larger number is treated as a mistake in the input.
/// </summary>
public static class RequestLimits
{
    /// <summary>The longest input or output of a request, in tokens.</summary>
    public const int MaxTokens = 10_000_000;

    /// <summary>The largest number of requests in one workload.</summary>
    public const int MaxRequests = 20_000_000;
}
