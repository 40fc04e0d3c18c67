using GreenServe.Analysis.Grids;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class ExperimentRunTests
{
    [Fact]
    public void System_TellsPredictionsForDifferentHostsApart()
    {
        using TemporaryFolder folder = new();
        HostSpeed host = new() { LaunchSeconds = 9e-6, SingleThreadOperationsPerSecond = 8e6 };
        string SystemOf(HostSpeed? there) => ExperimentRun.Read(
            new SyntheticRun { Host = there }
                .Write(folder.PathOf($"{there?.LaunchSeconds} {there?.SingleThreadOperationsPerSecond}"))).System;

        Assert.Equal("8 x H100-80GB-SXM", SystemOf(null));
        Assert.Equal("8 x H100-80GB-SXM on a host of 9.00 us a launch and 8.00 million operations/s", SystemOf(host));
        Assert.Equal(
            "8 x H100-80GB-SXM on a host of 9.00 us a launch", SystemOf(host with { SingleThreadOperationsPerSecond = null }));
        Assert.Equal("8 x H100-80GB-SXM on a host of 8.00 million operations/s", SystemOf(host with { LaunchSeconds = null }));
    }

    [Fact]
    public void ReadBatch_DoesNotReadAKnownRunAgain()
    {
        using TemporaryFolder folder = new();
        string first = new SyntheticRun().Write(folder.PathOf("runs/first"));
        ExperimentRun known = ExperimentRun.Read(first);
        new SyntheticRun().Write(folder.PathOf("runs/second"));

        RecordBatch<ExperimentRun> batch = ExperimentRun.ReadBatch([folder.PathOf("runs")], [known]);

        Assert.Equal(2, batch.Items.Count);
        Assert.Same(known.Metrics, batch.Items[0].Metrics);
        Assert.NotSame(known.Metrics, batch.Items[1].Metrics);
    }
}
