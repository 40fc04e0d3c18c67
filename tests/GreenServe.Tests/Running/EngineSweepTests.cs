using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Running.Engines;
using GreenServe.Running.Machine;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class EngineSweepTests : IDisposable
{
    private static readonly IReadOnlyList<OperatingPoint> Points = ExperimentFile.Read(
        Repository.PathOf("paper-artifacts", "experiments", "measured", "batch-size.experiment.yaml")).Points();

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ordered_GoesRoundByRound_EachInAnOrderOfItsOwn()
    {
        IReadOnlyList<OperatingPoint> ordered = EngineSweep.Ordered(Points);

        string[][] rounds = [.. ordered.Chunk(ordered.Count / 2).Select(round => round.Select(point => $"{point.Coordinates["batch"]}").ToArray())];
        Assert.Equal(Points.Count, ordered.Distinct().Count());
        Assert.Equal(ordered.Select(point => point.Repetition).Order(), ordered.Select(point => point.Repetition));
        Assert.NotEqual(rounds[0], rounds[1]);
        Assert.NotEqual(rounds[0], [.. rounds[0].OrderBy(int.Parse)]);
        Assert.Equal(ordered, EngineSweep.Ordered(Points.Reverse()));
    }

    [Fact]
    public void KeyOf_LetsPointsShareAnEngine_ThatAskTheSameOfIt()
    {
        Assert.Single(Points.Select(EngineArguments.KeyOf).Distinct());

        OperatingPoint smaller = Points[0] with { Knobs = Points[0].Knobs with { MaxBatch = 4 } };
        OperatingPoint other = Points[0] with { Workload = Points[0].Workload with { Model = "llama-2-13b" } };
        Assert.Equal(3, new[] { Points[0], smaller, other }.Select(EngineArguments.KeyOf).Distinct().Count());
    }

    [Fact]
    public async Task BaselineStore_MeasuresOnce_AndKeepsItInItsFile()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With());
        string file = folder.PathOf("baselines.json");
        IProgress<string> progress = new Progress<string>();

        BaselineReading first = await BaselineStore.Open(file).LoadedIdleAsync("model bf16", meters, progress, default);
        string written = File.ReadAllText(file);
        BaselineReading again = await BaselineStore.Open(file).LoadedIdleAsync("model bf16", meters, progress, default);

        // No GPU here: the reason is kept as well as a number would be.
        Assert.Contains("no meter covers a GPU", first.Note, StringComparison.Ordinal);
        Assert.Equal(first, again);
        Assert.Equal(written, File.ReadAllText(file));
    }

    [Fact]
    public void BaselineStore_NamesTheFile_WhenItIsNone()
    {
        string file = folder.Write("baselines.json", "{ \"idle\": 7 }");

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => BaselineStore.Open(file)).Problems);

        Assert.Equal(file, problem.File);
    }
}
