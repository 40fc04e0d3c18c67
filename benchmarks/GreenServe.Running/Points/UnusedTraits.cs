using GreenServe.Workloads.Schedules;

namespace GreenServe.Running.Points;

/// <summary>Tells the reader of a record which traits of the requests changed nothing.</summary>
internal static class UnusedTraits
{
    /// <summary>A sentence for each trait that the workload states and the run does not use.</summary>
    /// <param name="schedule">The requests.</param>
    /// <param name="server">What serves them, as the beginning of a sentence.</param>
    /// <param name="usesPriorities">Whether it looks at priorities.</param>
    /// <param name="usesAdapters">Whether it loads adapters.</param>
    internal static IEnumerable<string> Notes(
        RequestSchedule schedule, string server, bool usesPriorities = false, bool usesAdapters = false)
    {
        if (schedule.Priorities.Count > 0 && !usesPriorities)
        {
            yield return $"{server} does not look at the priorities of the workload: they are recorded and change nothing";
        }

        if (schedule.Adapters.Count > 0 && !usesAdapters)
        {
            yield return $"{server} does not serve the adapters of the workload: they are recorded, and no time or memory is spent on them";
        }
    }
}
