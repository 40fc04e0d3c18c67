using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Tails;

/// <summary>Counts the requests that will stand behind the percentiles of an SLO, before a point runs.</summary>
public static class SloTails
{
    /// <summary>
    /// A warning about points with too few requests for the percentiles of their SLO, in two sentences; <c>null</c> where there are enough.
    /// </summary>
    /// <param name="points">The points. Those without an SLO need no tail.</param>
    /// <exception cref="InvalidInputException">A trace cannot be read, or a schedule has no request.</exception>
    public static string? WarningOf(IReadOnlyList<OperatingPoint> points)
    {
        ScheduleCache schedules = new();
        (OperatingPoint Point, int Requests)[] counted =
        [
            .. from point in points
               where point.Workload.Slo is not null
               let behind = RequestsBehind(schedules.For(point.Workload, point.Repetition), point.Workload.Slo!)
               where behind is not null
               select (point, behind.Value),
        ];
        (OperatingPoint Point, int Requests)[] few = [.. counted.Where(one => one.Requests < TailText.MinRequests)];
        if (few.Length == 0)
        {
            return null;
        }

        (OperatingPoint fewest, int requests) = few.MinBy(one => one.Requests);
        string needed = TailText.Count(TailText.MinRequests);
        string where = points.Count == 1
            ? $"Only {TailText.Count(requests)} requests after the warm-up stand behind a percentile of the SLO."
            : $"In {TailText.Count(few.Length)} of {TailText.Count(points.Count)} points fewer than {needed} requests after the warm-up "
                + $"stand behind a percentile of the SLO ({TailText.Count(requests)} in {fewest.Id}).";
        return $"{where} Percentiles of fewer than {needed} requests say little about the tail: use a longer workload.";
    }

    /// <summary>
    /// Requests after the warm-up that stand behind the percentile of an SLO with the fewest; <c>null</c> where only the run tells. A limit
    /// on classes that do not occur limits nothing.
    /// </summary>
    /// <param name="schedule">The requests.</param>
    /// <param name="slo">The SLO.</param>
    public static int? RequestsBehind(RequestSchedule schedule, SloProfile slo)
    {
        if (schedule.AfterWarmUp() is not { } measured)
        {
            return null;
        }

        Dictionary<string, int> byClass = measured.GroupBy(request => request.Class.Name)
            .ToDictionary(group => group.Key, group => group.Count());
        return slo.Limits
            .Select(limit => byClass.Where(one => limit.AppliesTo(one.Key)).Sum(one => one.Value))
            .Where(count => count > 0)
            .DefaultIfEmpty(0)
            .Min();
    }

    /// <summary>The classes of each limit of an SLO that does not apply to all requests.</summary>
    internal static IEnumerable<IReadOnlyList<string>> ClassesOf(SloProfile? slo) =>
        slo?.Limits.Select(limit => limit.Classes).OfType<IReadOnlyList<string>>() ?? [];

    /// <summary>Whether a request is of some classes.</summary>
    /// <param name="classes">The names of the classes; <c>null</c> for all.</param>
    /// <param name="request">The request.</param>
    internal static bool Has(IReadOnlyList<string>? classes, in ScheduledRequest request) =>
        classes is null || classes.Contains(request.Class.Name);
}
