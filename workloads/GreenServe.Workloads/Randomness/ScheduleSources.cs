using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Randomness;

/// <summary>What a schedule is made from besides its definition: random sequences and the trace.</summary>
/// <param name="seed">Seed of this repetition.</param>
/// <param name="trace">Reads the trace when it is first needed.</param>
internal sealed class ScheduleSources(ulong seed, Func<Trace> trace)
{
    private readonly Lazy<Trace> lazyTrace = new(trace);

    /// <summary>The workload's trace.</summary>
    internal Trace Trace => lazyTrace.Value;

    /// <summary>A new random sequence of this seed; the same name gives the same numbers.</summary>
    internal RandomSequence Random(string name) => new(name, seed);
}
