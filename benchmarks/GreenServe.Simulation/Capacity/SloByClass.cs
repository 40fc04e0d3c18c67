using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Capacity;

/// <summary>The limits of an SLO in seconds for each request class.</summary>
public sealed class SloByClass
{
    private readonly double?[][] seconds;

    private SloByClass(SloProfile profile, double?[][] seconds)
    {
        Profile = profile;
        this.seconds = seconds;
    }

    /// <summary>The SLO.</summary>
    public SloProfile Profile { get; }

    /// <summary>The limits of an SLO.</summary>
    /// <param name="profile">The SLO.</param>
    /// <param name="cuts">Lengths at which classes begin.</param>
    /// <param name="system">The instance that serves isolated requests, where a limit is a multiple of their latency.</param>
    public static SloByClass Of(SloProfile profile, RequestClassCuts cuts, SimulatedSystem system)
    {
        IReadOnlyList<IsolatedLatency> isolated = profile.Limits.Any(limit => limit.IsolatedMultiple is not null)
            ? SimulatedRun.Isolated(cuts, ReferenceOf(profile, system))
            : [];
        return new SloByClass(profile, [.. profile.Limits.Select(limit => (double?[])
            [.. RequestClass.All.Select((requestClass, number) => SecondsOf(limit, requestClass, isolated.ElementAtOrDefault(number)))])]);
    }

    /// <summary>What a limit of the SLO allows a class, in seconds; <c>null</c> where it does not apply to the class.</summary>
    /// <param name="limit">Number of the limit in the SLO, from 0.</param>
    /// <param name="requestClass">The class.</param>
    public double? Seconds(int limit, RequestClass requestClass) => seconds[limit][GapCounts.IndexOf(requestClass)];

    /// <summary>
    /// The strictest limit on a latency of a class, in seconds, at whatever percentile; infinite where nothing limits it.
    /// </summary>
    /// <param name="metric">The latency.</param>
    /// <param name="requestClass">The class.</param>
    public double StrictestSeconds(SloMetric metric, RequestClass requestClass)
    {
        double strictest = double.PositiveInfinity;
        for (int limit = 0; limit < seconds.Length; limit++)
        {
            if (Profile.Limits[limit].Metric == metric && Seconds(limit, requestClass) is { } allowed)
            {
                strictest = Math.Min(strictest, allowed);
            }
        }

        return strictest;
    }

    /// <summary>The strictest limit on the time between tokens of a class, whether stated for each or for their mean, in seconds.</summary>
    /// <param name="requestClass">The class.</param>
    public double TokenSeconds(RequestClass requestClass) =>
        Math.Min(StrictestSeconds(SloMetric.Tbt, requestClass), StrictestSeconds(SloMetric.Tpot, requestClass));

    private static SimulatedSystem ReferenceOf(SloProfile profile, SimulatedSystem system) => profile.Reference is { } reference
        ? SimulatedSystem.For(reference, system.Model, new Knobs { TensorParallelism = reference.GpuCount })
        : system with { Knobs = system.Knobs with { GpuClockMegahertz = null, PowerCapWatts = null } };

    private static double? SecondsOf(SloLimit limit, RequestClass requestClass, IsolatedLatency? alone) =>
        limit.AppliesTo(requestClass.Name) ? limit.AllowedSeconds(alone) : null;
}
