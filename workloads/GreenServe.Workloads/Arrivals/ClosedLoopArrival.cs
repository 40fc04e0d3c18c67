using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>A fixed number of users. Each sends a request, waits for the whole answer, thinks, and sends the next one.</summary>
public sealed record ClosedLoopArrival : ArrivalProcess
{
    /// <summary>No server that computes answers one user faster than this (requests/s): an answer takes at least 10 ms.</summary>
    private const double MaxUserRequestsPerSecond = 100;

    /// <summary>Requests of a loop that a duration ends, at most: with their schedule they take about 16 MB.</summary>
    private const int MaxRequestsWithin = 1_000_000;

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

    /// <summary>
    /// Time over which the users begin, in seconds. They begin at equal distances: of four users over 8 s, one each at 0, 2, 4 and 6 s.
    /// Users with outputs of one length that begin together stay in step, and the server then meets bursts for the whole run.
    /// </summary>
    /// <value>From 0 to 1000000; default 0: all users begin at once.</value>
    [Range(0, 1_000_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // Workloads without it keep their canonical form and its hash.
    public double RampSeconds { get; init; }

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => null;

    /// <inheritdoc />
    /// <remarks>It is enough for users who send 100 requests a second each, but at most <see cref="MaxRequestsWithin"/>.</remarks>
    public override int? RequestsWithin(double seconds) =>
        (int)Math.Clamp(Math.Ceiling(MaxUserRequestsPerSecond * Concurrency * seconds), 1, MaxRequestsWithin);

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        while (true)
        {
            yield return 0;
        }
    }

    /// <summary>
    /// Draws the think time before a request (s). Before a user's first request it is the time at which the user begins.
    /// </summary>
    /// <param name="random">The sequence of think times. Every request draws from it.</param>
    /// <param name="session">Number of the session, or of the request where each stands alone.</param>
    /// <param name="isFirst">Whether the request is the first of its session.</param>
    internal double NextThinkSeconds(RandomSequence random, long session, bool isFirst)
    {
        double factor = ThinkDistribution == ThinkDistribution.Exponential ? random.NextExponential() : 1;
        return isFirst && session < Concurrency ? RampSeconds * session / Concurrency : factor * ThinkSeconds;
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
