using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class FigureNoteTests
{
    [Fact]
    public void Glossary_ExplainsTheAbbreviationsThatPanelsShow_AndNoOthers()
    {
        string text = FigureNote.Glossary([Lines("TTFT, p99", "TTFT (ms)")], []);

        Assert.Equal("TTFT: time to the first token; p99: 99th percentile over requests.", text);
    }

    [Fact]
    public void Glossary_SaysWhereRequestClassesBegin()
    {
        BarPanel panel = Bars("Energy", ["SS", "LL"], 1);
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.Root, [new SyntheticRun()]);

        string text = FigureNote.Glossary([panel], ExperimentRun.ReadAll([folder.Root]));

        Assert.EndsWith("L long (input from 256 and from 1024 tokens on, output from 100 and from 350).", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_NamesThePanelsWhoseBarsAreAllZero() => Assert.Equal(
        "Not drawn because it is 0 everywhere: Too hot.",
        FigureNote.Zeros([Bars("Too hot", ["a", "b"], 0), Bars("Energy", ["a", "b"], 1)]));

    [Theory]
    [InlineData(1, "Workload synthetic; seed 1.")]
    [InlineData(3, "Workload synthetic; seeds 1, 2, 3.")]
    [InlineData(5, "Workload synthetic; seeds 1 to 5.")]
    public void Workload_NamesTheSeeds(int seeds, string expected)
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(
            folder.Root, Enumerable.Range(1, seeds).Select(seed => new SyntheticRun { Seed = (ulong)seed }));

        Assert.Equal(expected, FigureNote.Workload(ExperimentRun.ReadAll([folder.Root])));
    }

    private static LinePanel Lines(string title, string label) => new()
    {
        Title = title,
        X = new FigureAxis { Label = "Batch" },
        Y = new FigureAxis { Label = label },
        Series = [new Series("", new SeriesStyle("#000000"), [new FigurePoint(1, 1)])],
    };

    private static BarPanel Bars(string title, string[] names, double height) => new()
    {
        Title = title,
        X = new FigureAxis { Label = "", Scale = AxisScale.Category, Categories = names },
        Y = new FigureAxis { Label = "" },
        Series = [new Series("", new SeriesStyle("#000000"), [.. names.Select((_, place) => new FigurePoint(place, height))])],
    };
}
