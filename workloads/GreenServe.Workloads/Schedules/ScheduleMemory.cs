using GreenServe.Records;

namespace GreenServe.Workloads.Schedules;

/// <summary>Checks whether the requests of a workload fit into memory before they are made.</summary>
internal static class ScheduleMemory
{
    /// <summary>
    /// Memory for each request of a workload, in bytes: its place in the schedule, and what the summary of its record takes afterwards.
    /// <c>docs/simulator.md</c> has the measurement.
    /// </summary>
    internal const long BytesPerRequest = 700;

    /// <summary>Number of requests after which the memory is checked again, where a workload does not state how many it has.</summary>
    internal const int CheckedRequests = 1_000_000;

    /// <summary>Refuses a workload with more requests than this host's memory holds.</summary>
    /// <exception cref="UnavailableException">The requests do not fit.</exception>
    internal static void Require(long requests) => Require(requests, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Refuses a workload with more requests than a memory holds.</summary>
    /// <param name="requests">Number of requests.</param>
    /// <param name="availableBytes">Size of the memory, in bytes.</param>
    /// <exception cref="UnavailableException">The requests do not fit.</exception>
    internal static void Require(long requests, long availableBytes)
    {
        if (requests > availableBytes / BytesPerRequest)
        {
            string needed = Gigabytes(requests * BytesPerRequest);
            throw new UnavailableException(FormattableString.Invariant(
                $"{requests:#,0} requests take about {needed} of memory, and this host has {Gigabytes(availableBytes)}. ")
                + FormattableString.Invariant($"Ask for at most {availableBytes / BytesPerRequest:#,0} requests."));
        }
    }

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0} GB");
}
