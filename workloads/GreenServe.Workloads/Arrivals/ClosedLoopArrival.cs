using System.ComponentModel.DataAnnotations;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>A fixed number of users. Each sends a request, waits for the whole answer, thinks, and sends the next one.</summary>
public sealed record ClosedLoopArrival : ArrivalProcess
{
    /// <summary>Users, each with one request in flight at a time.</summary>
    /// <value>From 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public required int Concurrency { get; init; }

    /// <summary>Mean time a user thinks between an answer and the next request, in seconds.</summary>
    /// <value>From 0 to 1000000; default 0.</value>
    [Range(0, 1_000_000)]
    public double ThinkSeconds { get; init; }

    /// <summary>How think times vary around their mean: constant or exponential.</summary>
    /// <value>Default constant.</value>
    public ThinkDistribution ThinkDistribution { get; init; } = ThinkDistribution.Constant;

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => null;

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        while (true)
        {
            yield return 0;
        }
    }

    /// <summary>The think time before each request (s). A user's first request is sent at once.</summary>
    /// <param name="sources">Random sequences of the workload.</param>
    /// <param name="turns">Number of consecutive requests that one user sends; 1 without sessions.</param>
    internal IEnumerable<double> ThinkTimes(ScheduleSources sources, int turns)
    {
        RandomSequence random = sources.Random(RandomNames.Think);
        for (long request = 0; ; request++)
        {
            double factor = ThinkDistribution == ThinkDistribution.Exponential ? random.NextExponential() : 1;
            yield return request % turns == 0 && request / turns < Concurrency ? 0 : factor * ThinkSeconds;
        }
    }
}

/// <summary>How think times of a closed loop vary around their mean.</summary>
public enum ThinkDistribution
{
    /// <summary>Every think time is the mean.</summary>
    Constant,

    /// <summary>Think times are exponentially distributed.</summary>
    Exponential,
}
