using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>
/// When requests arrive. In an open loop they arrive at fixed times, whatever the server does. In a closed loop users wait for
/// answers.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantArrival), "constant")]
[JsonDerivedType(typeof(PoissonArrival), "poisson")]
[JsonDerivedType(typeof(GammaArrival), "gamma")]
[JsonDerivedType(typeof(StagedArrival), "stages")]
[JsonDerivedType(typeof(OnOffArrival), "on_off")]
[JsonDerivedType(typeof(CountedArrival), "counts")]
[JsonDerivedType(typeof(ClosedLoopArrival), "closed_loop")]
[JsonDerivedType(typeof(TraceArrival), "trace")]
public abstract record ArrivalProcess
{
    private protected ArrivalProcess()
    {
    }

    /// <summary>
    /// Mean arrivals per second over the process's own period or length; <c>null</c> for a closed loop and for a trace, where it
    /// depends on more than the process.
    /// </summary>
    public abstract double? MeanRequestsPerSecond();

    /// <summary>Offset at which the process ends by itself (s); <c>null</c> if it does not end, or if a trace ends it.</summary>
    public virtual double? EndSeconds() => null;

    /// <summary>
    /// Number of requests that a workload must state if a duration is to end it; <c>null</c> where the duration alone is enough.
    /// </summary>
    /// <param name="seconds">The duration (s).</param>
    public virtual int? RequestsWithin(double seconds) => null;

    /// <summary>The times of arrivals in ascending order (s from the start), not rounded.</summary>
    internal abstract IEnumerable<double> ArrivalSeconds(ScheduleSources sources);
}
