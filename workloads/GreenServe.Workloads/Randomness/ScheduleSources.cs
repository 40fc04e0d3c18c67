using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Randomness;

/// <summary>The inputs of a schedule beside its definition: random sequences and the trace.</summary>
/// <param name="seed">Seed of the repetition.</param>
/// <param name="trace">Reads the trace. It is called when the trace is first needed.</param>
internal sealed class ScheduleSources(ulong seed, Func<Trace> trace)
{
    private readonly Lazy<Trace> lazyTrace = new(trace);

    /// <summary>The workload's trace.</summary>
    internal Trace Trace => lazyTrace.Value;

    /// <summary>Creates a random sequence of this seed. The same name gives the same numbers.</summary>
    internal RandomSequence Random(string name) => new(name, seed);
}

/// <summary>Names of a workload's random sequences, one for each dimension. Renaming one changes every schedule.</summary>
internal static class RandomNames
{
    internal const string Arrival = "arrival";
    internal const string Input = "input";
    internal const string Output = "output";
    internal const string Class = "class";
    internal const string Think = "think";
    internal const string Prefix = "prefix";
    internal const string TraceRow = "trace-row";
    internal const string Dataset = "dataset";
    internal const string Priority = "priority";
    internal const string Adapter = "adapter";
}
