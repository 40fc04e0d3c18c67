using GreenServe.Records.Requests;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Makes the load of a workload higher or lower, with the same random numbers.</summary>
internal static class LoadScale
{
    /// <summary>The workload with its load multiplied by a factor.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="factor">The factor, above 0. With 1 the workload stays as it is.</param>
    /// <remarks>
    /// A rate is multiplied, and lasts as long as before. Recorded arrivals are replayed faster, so that the same requests come and the
    /// same ones are judged. In a closed loop the number of users is multiplied, to the next whole number.
    /// </remarks>
    internal static Workload Of(Workload workload, double factor) =>
        factor == 1 ? workload : workload.Arrival switch
        {
            PoissonArrival poisson => Longer(workload, poisson with { RequestsPerSecond = factor * poisson.RequestsPerSecond }, factor),
            GammaArrival gamma => Longer(workload, gamma with { RequestsPerSecond = factor * gamma.RequestsPerSecond }, factor),
            ConstantArrival constant => Longer(workload, constant with { RequestsPerSecond = factor * constant.RequestsPerSecond }, factor),
            OnOffArrival onOff => Longer(workload, Times(onOff, factor), factor),
            StagedArrival staged => Longer(workload, staged with { LoadFactor = factor * (staged.LoadFactor ?? 1) }, factor),
            ClosedLoopArrival closed => Longer(workload, closed with { Concurrency = Users(closed, factor) }, factor),
            CountedArrival counted => Faster(workload, counted with { SpeedUpFactor = factor * counted.SpeedUpFactor }, factor),
            TraceArrival trace => Faster(workload, trace with { SpeedUpFactor = factor * trace.SpeedUpFactor }, factor),
            ArrivalProcess other => throw new ArgumentOutOfRangeException(nameof(workload), other, "arrivals of a known kind"),
        };

    /// <summary>Whether the load changes in the course of the workload, apart from chance.</summary>
    internal static bool Varies(Workload workload) => workload.Arrival switch
    {
        PoissonArrival or GammaArrival or ConstantArrival or ClosedLoopArrival => false,
        OnOffArrival onOff => onOff.RequestsPerSecond != onOff.OffRequestsPerSecond,
        StagedArrival staged => staged.Stages.SelectMany(Rates).Distinct().Count() > 1,
        _ => true,
    };

    /// <summary>What a load factor means for a workload, in a sentence.</summary>
    internal static string Meaning(Workload workload) => workload.Arrival switch
    {
        ClosedLoopArrival => "The load is the number of users of the closed loop.",
        CountedArrival or TraceArrival =>
            "A higher load is the recorded one, replayed faster: bursts become shorter as they become higher.",
        _ => "A higher load has the same course over time, with each rate multiplied.",
    };

    private static double[] Rates(ArrivalStage stage) =>
        [stage.RequestsPerSecond, stage.EndRequestsPerSecond ?? stage.RequestsPerSecond];

    private static OnOffArrival Times(OnOffArrival onOff, double factor) => onOff with
    {
        RequestsPerSecond = factor * onOff.RequestsPerSecond,
        OffRequestsPerSecond = factor * onOff.OffRequestsPerSecond,
    };

    private static int Users(ClosedLoopArrival closed, double factor) => (int)Math.Max(1, Math.Round(factor * closed.Concurrency));

    /// <summary>
    /// A higher load has more requests in the same time. A lower one has as many as before, so that tails keep their samples.
    /// </summary>
    private static Workload Longer(Workload workload, ArrivalProcess arrival, double factor) => workload with
    {
        Arrival = arrival,
        Requests = workload.Requests is { } requests
            ? (int)Math.Min(RequestLimits.MaxRequests, Math.Ceiling(requests * Math.Max(1, factor)))
            : null,
    };

    private static Workload Faster(Workload workload, ArrivalProcess arrival, double factor) => workload with
    {
        Arrival = arrival,
        WarmUpSeconds = workload.WarmUpSeconds / factor,
        DurationSeconds = workload.DurationSeconds / factor,
    };
}
