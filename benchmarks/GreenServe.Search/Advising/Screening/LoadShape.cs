using GreenServe.Records.Requests;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Advising.Screening;

/// <summary>What a workload asks of a server in the mean.</summary>
internal sealed class LoadShape
{
    private LoadShape(RequestSchedule schedule)
    {
        IReadOnlyList<ScheduledRequest> requests = schedule.Requests;
        double end = requests[^1].ScheduledSeconds;
        int judged = requests.Count(request => request.ScheduledSeconds >= schedule.WarmUpSeconds);
        Users = schedule.Concurrency;
        Seconds = end;
        RequestsPerSecond = judged / Math.Max(1e-6, end - schedule.WarmUpSeconds);
        OutputTokens = requests.Average(request => (double)request.OutputTokens);
        ContextTokens = requests.Sum(request => request.OutputTokens * (request.InputTokens + (request.OutputTokens / 2.0)))
            / requests.Sum(request => (double)request.OutputTokens);
        TotalTokens = requests.Average(request => (double)request.InputTokens + request.OutputTokens);
        Classes =
        [
            .. requests.GroupBy(request => request.Class)
                .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
                .Select(group => ClassLoad.Of(group.Key, [.. group], requests.Count)),
        ];
    }

    /// <summary>Users of a closed loop; <c>null</c> for an open loop.</summary>
    internal int? Users { get; }

    /// <summary>Mean time that a user thinks between two requests, in seconds.</summary>
    internal double ThinkSeconds { get; private init; }

    /// <summary>Mean rate of an open loop after the warm-up, in requests per second.</summary>
    internal double RequestsPerSecond { get; }

    /// <summary>Time of the last arrival of an open loop, in seconds.</summary>
    internal double Seconds { get; }

    /// <summary>Mean length of an output, in tokens.</summary>
    internal double OutputTokens { get; }

    /// <summary>Mean number of tokens that a decoding sequence attends to.</summary>
    internal double ContextTokens { get; }

    /// <summary>Mean number of tokens of a prompt and its output.</summary>
    internal double TotalTokens { get; }

    /// <summary>The classes of the requests.</summary>
    internal IReadOnlyList<ClassLoad> Classes { get; }

    /// <summary>The load of a workload.</summary>
    internal static LoadShape Of(Workload workload, RequestSchedule schedule) =>
        new(schedule) { ThinkSeconds = (workload.Arrival as ClosedLoopArrival)?.ThinkSeconds ?? 0 };
}

/// <summary>The requests of one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Share">Its share of all requests.</param>
/// <param name="InputTokens">Mean length of a prompt, in tokens.</param>
/// <param name="LongInputTokens">Length that one prompt of twenty exceeds, in tokens.</param>
/// <param name="SharedTokens">Mean length of the beginning that a prompt shares, in tokens.</param>
internal sealed record ClassLoad(RequestClass Class, double Share, int InputTokens, int LongInputTokens, int SharedTokens)
{
    internal static ClassLoad Of(RequestClass requestClass, ScheduledRequest[] own, int all)
    {
        int[] inputs = [.. own.Select(request => request.InputTokens).Order()];
        return new ClassLoad(
            requestClass,
            (double)own.Length / all,
            (int)inputs.Average(),
            inputs[(int)(0.95 * (inputs.Length - 1))],
            (int)own.Average(request => (double)request.SharedPrefixTokens));
    }
}
