using System.Globalization;

namespace GreenServe.Analysis.Formatting;

/// <summary>Words about the number of requests that stand behind the tails of latencies.</summary>
public static class TailText
{
    /// <summary>Requests behind a percentile below which its tail says little.</summary>
    /// <remarks>Of 1,000 latencies ten lie above the 99th percentile.</remarks>
    public const int MinRequests = 1000;

    /// <summary>The warning about a tail of too few requests, in two sentences; <c>null</c> where there are enough.</summary>
    /// <param name="requests">Completed requests after warm-up, of all repetitions together.</param>
    public static string? Warning(long requests) => requests < MinRequests
        ? $"Only {Count(requests)} {(requests == 1 ? "request stands" : "requests stand")} behind the latencies. Percentiles of fewer than "
            + $"{Count(MinRequests)} requests say little about the tail: use a longer workload."
        : null;

    /// <summary>A number of requests with commas between thousands.</summary>
    public static string Count(double requests) => requests.ToString("N0", CultureInfo.InvariantCulture);
}
