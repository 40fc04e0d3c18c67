using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>When requests arrive. Open loops keep their times whatever the server does; a closed loop has users who wait.</summary>
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
    /// Mean arrivals per second over its own period or length; <c>null</c> where the process alone does not tell (closed loop,
    /// trace).
    /// </summary>
    public abstract double? MeanRequestsPerSecond();

    /// <summary>When the process ends by itself (s); <c>null</c> if it goes on for ever or a trace decides.</summary>
    public virtual double? EndSeconds() => null;

    /// <summary>Arrivals in order, in seconds from the start, not rounded.</summary>
    internal abstract IEnumerable<double> ArrivalSeconds(ScheduleSources sources);
}
