using GreenServe.Records;

namespace GreenServe.Workloads.Schedules;

/// <summary>Checks whether the requests of a workload fit into memory before they are made.</summary>
internal static class ScheduleMemory
{
    /// <summary>
    /// Memory for each of the first million requests of a workload, in bytes. A run keeps them for the summary of its record.
    /// <c>docs/simulator.md</c> has the measurement.
    /// </summary>
    internal const long BytesPerKeptRequest = 700;

    /// <summary>Memory for each further request, in bytes: its place in the schedule, with room for the turns of sessions.</summary>
    internal const long BytesPerRequest = 100;

    /// <summary>Number of requests that a run keeps for its summary. Those of a longer run are read from its record.</summary>
    private const long KeptRequests = 1_000_000;

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
        long max = availableBytes <= KeptRequests * BytesPerKeptRequest
            ? availableBytes / BytesPerKeptRequest
            : KeptRequests + ((availableBytes - (KeptRequests * BytesPerKeptRequest)) / BytesPerRequest);
        if (requests > max)
        {
            long kept = Math.Min(requests, KeptRequests);
            string needed = Gigabytes((kept * BytesPerKeptRequest) + ((requests - kept) * BytesPerRequest));
            throw new UnavailableException(FormattableString.Invariant(
                $"{requests:#,0} requests take about {needed} of memory, and this host has {Gigabytes(availableBytes)}. ")
                + FormattableString.Invariant($"Ask for at most {max:#,0} requests."));
        }
    }

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0} GB");
}
