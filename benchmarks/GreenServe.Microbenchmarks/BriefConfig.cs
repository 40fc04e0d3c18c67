using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace GreenServe.Microbenchmarks;

/// <summary>Runs a benchmark within this process and for a few seconds, which is enough to distinguish one millisecond from two.</summary>
public sealed class BriefConfig : ManualConfig
{
    /// <summary>Makes the configuration: 3 warm-up iterations and 10 measured ones.</summary>
    public BriefConfig() =>
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10));
}
