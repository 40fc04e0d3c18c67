using System.Text.Json.Nodes;
using GreenServe.Records.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Search.Benches;

/// <summary>What a bench asks of a server, and how much time it has.</summary>
public sealed record BenchPlan
{
    /// <summary>Name of the experiment in the records.</summary>
    public const string Experiment = "bench";

    /// <summary>Name of the artifact that shows watts, energy and latency against the load.</summary>
    public const string Artifact = "load";

    /// <summary>Name of the axis of the loads that are rates.</summary>
    public const string RateAxis = "requests_per_second";

    /// <summary>Name of the axis of the loads that are users.</summary>
    public const string UsersAxis = "users";

    /// <summary>
    /// Number of points that fit into the time: one user, about six doublings, and as many points in the gaps between them, less what the
    /// baseline and the ends of the loads take.
    /// </summary>
    private const double PointsInTime = 16;

    private const double MinPointSeconds = 6;
    private const double MaxPointSeconds = 60;

    /// <summary>A point lasts at least as long as this many requests one after the other, so that it has more than its edges.</summary>
    private const double ServicesInPoint = 5;

    /// <summary>Number of arrivals that an open loop should have, so that a percentile is more than a single request.</summary>
    private const double MinArrivals = 20;

    /// <summary>No point takes more than this share of all the time, however slow the server is.</summary>
    private const double MaxShareOfPoint = 1.0 / 6;

    /// <summary>
    /// The warm-up as a share of the measured time. It is at least one request long, so that the window begins in mid-load.
    /// </summary>
    private const double WarmUpShare = 0.15;

    /// <summary>The longest warm-up as a share of the measured time.</summary>
    private const double MaxWarmUpShare = 0.5;

    /// <summary>The point that is run at each load. Its arrivals and its end are replaced.</summary>
    public required OperatingPoint Point { get; init; }

    /// <summary>The loads to run, in order.</summary>
    /// <value>Default: empty, which means that the loads are chosen by the results.</value>
    public IReadOnlyList<OfferedLoad> Loads { get; init; } = [];

    /// <summary>Time that all points together may take (s).</summary>
    /// <value>Above 0; default 480.</value>
    public double Seconds { get; init; } = 480;

    /// <summary>Time for which requests are sent at each load (s).</summary>
    /// <value>Above 0. Default: <c>null</c>, which means that it follows from the time for all points and from the server's speed.</value>
    public double? PointSeconds { get; init; }

    /// <summary>Number of requests at each load.</summary>
    /// <value>At least 1. Default: <c>null</c>, which means that time ends a load.</value>
    public int? PointRequests { get; init; }

    /// <summary>Time at the beginning of each load whose requests do not count (s).</summary>
    /// <value>At least 0. Default: <c>null</c>, which means that it follows from the length of the load.</value>
    public double? WarmUpSeconds { get; init; }

    /// <summary>Whether the lengths of the loads follow from the time and from the server's speed.</summary>
    internal bool HasOwnLengths => PointSeconds is null && PointRequests is null;

    /// <summary>The time for which requests are sent at a load, without its warm-up (s).</summary>
    private double MeasuredSeconds(OfferedLoad load, double? serviceSeconds, double factor)
    {
        double usual = Math.Clamp(Seconds / (Loads.Count > 0 ? Loads.Count + 1 : PointsInTime), MinPointSeconds, MaxPointSeconds);
        double asked = Math.Max(usual, Math.Max(ServicesInPoint * (serviceSeconds ?? 0), MinArrivals / load.RequestsPerSecond ?? 0));
        return Math.Min(asked, Math.Max(usual, MaxShareOfPoint * Seconds)) * factor;
    }

    /// <summary>The operating point of a load.</summary>
    /// <param name="load">The load.</param>
    /// <param name="serviceSeconds">Mean time of a request with one user (s); <c>null</c> where it is not known yet.</param>
    /// <param name="factor">How much longer than usual the point has to be, at least 1.</param>
    public OperatingPoint At(OfferedLoad load, double? serviceSeconds, double factor = 1)
    {
        double measured = PointSeconds ?? MeasuredSeconds(load, serviceSeconds, factor);
        double warmUp = WarmUpSeconds
            ?? (PointRequests is null
                ? Math.Round(Math.Clamp(serviceSeconds ?? 0, WarmUpShare * measured, MaxWarmUpShare * measured), 1)
                : 0);
        double seconds = PointSeconds ?? Math.Round(measured + warmUp, 1);
        Workload workload = Point.Workload with
        {
            Arrival = load.Arrival,
            WarmUpSeconds = warmUp,
            Requests = PointRequests ?? load.Arrival.RequestsWithin(seconds),
            DurationSeconds = PointRequests is null ? seconds : PointSeconds,
        };
        return Point with { Workload = workload, Id = load.Id, Coordinates = Coordinates(load), Place = PlaceOf(load) };
    }

    private static Dictionary<string, JsonNode?> Coordinates(OfferedLoad load) => load.Users is { } users
        ? new() { [UsersAxis] = users }
        : new() { [RateAxis] = load.RequestsPerSecond };

    /// <summary>Only rates share an axis, so only they belong to the artifact. The others are shown as single runs.</summary>
    private static ExperimentPoint PlaceOf(OfferedLoad load) => new()
    {
        Experiment = Experiment,
        Artifact = load.Users is null ? Artifact : null,
        Coordinates = Coordinates(load),
        WorkloadChanges = ["arrival", "requests", "duration_seconds", "warm_up_seconds"],
    };
}
