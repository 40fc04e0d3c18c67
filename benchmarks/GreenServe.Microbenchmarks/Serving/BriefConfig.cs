using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace GreenServe.Microbenchmarks.Serving;

/// <summary>In this process, since nothing is built anew, and no longer than it takes to tell a millisecond from two.</summary>
public sealed class BriefConfig : ManualConfig
{
    /// <summary>The settings.</summary>
    public BriefConfig() =>
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10));
}
