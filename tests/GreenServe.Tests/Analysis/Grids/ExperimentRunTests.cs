using GreenServe.Analysis.Grids;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class ExperimentRunTests
{
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
