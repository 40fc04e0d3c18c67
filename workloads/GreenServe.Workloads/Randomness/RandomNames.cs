namespace GreenServe.Workloads.Randomness;

/// <summary>Names of the random sequences of a workload, one a dimension. Renaming one changes every schedule.</summary>
internal static class RandomNames
{
    internal const string Arrival = "arrival";
    internal const string Input = "input";
    internal const string Output = "output";
    internal const string Class = "class";
    internal const string Think = "think";
    internal const string Prefix = "prefix";
    internal const string TraceRow = "trace-row";
}
