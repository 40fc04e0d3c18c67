using System.Text.Json;
using System.Xml.Linq;
using GreenServe.Analysis.Artifacts;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class ArtifactWriterTests
{
    public static TheoryData<string> Artifacts => [.. ArtifactCatalogue.All.Select(artifact => artifact.Name)];

    [Theory]
    [MemberData(nameof(Artifacts))]
    public void Write_MakesEveryFile_ForEachArtifact(string name)
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of(name, repetitions: 2));

        // A place to look at the figures: they are kept where this variable names a folder.
        string output = Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") ?? Directory.CreateDirectory(folder.PathOf("artifacts")).FullName;
        ArtifactCaption caption = ArtifactWriter.Write(ArtifactCatalogue.Find(name)!, ExperimentRun.ReadAll([folder.PathOf("records")]), output);

        Assert.All(
            caption.Tables.Concat([$"{name}.png", $"{name}.json", $"{name}.md"]),
            file => Assert.True(new FileInfo(Path.Combine(output, file)).Length > 0, file));
        string[] texts = [.. XDocument.Load(Path.Combine(output, $"{name}.svg")).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
        Assert.Contains(caption.Title, texts);
        Assert.Contains(texts, text => text.StartsWith("SIMULATED", StringComparison.Ordinal));
        Assert.All(caption.Figure.Panels, panel => Assert.Contains(panel.Title, texts));
        Assert.NotEmpty(caption.Figure.TextAlternative);
    }

    [Fact]
    public void Write_KeepsTheCaption_WhenItIsReadBack()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 2));

        ArtifactCaption caption = ArtifactWriter.Write(ArtifactCatalogue.Find("batch-size")!, ExperimentRun.ReadAll([folder.PathOf("records")]), folder.Root);
        ArtifactCaption read = JsonSerializer.Deserialize<ArtifactCaption>(File.ReadAllText(folder.PathOf("batch-size.json")), DocumentContract.Options)!;

        Assert.Equal(JsonSerializer.Serialize(caption, DocumentContract.Options), JsonSerializer.Serialize(read, DocumentContract.Options));
        Assert.Equal("Error bars: 95 % Student t interval of the mean between 2 runs a point, each with its own seed.", read.ErrorBars);
        Assert.Equal([1UL, 2UL], read.Seeds);
    }

    [Fact]
    public void Write_ShowsBothKindsApart_WhenRecordsAreSimulatedAndMeasured()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records", "a"), SyntheticGrids.Of("batch-size", repetitions: 1));
        WriteRecords(folder.PathOf("records", "b"), SyntheticGrids.Of("batch-size", repetitions: 1, EvidenceKind.Measured));

        ArtifactCaption caption = ArtifactWriter.Write(ArtifactCatalogue.Find("batch-size")!, ExperimentRun.ReadAll([folder.PathOf("records")]), folder.Root);

        GreenServe.Analysis.Figures.LinePanel panel = (GreenServe.Analysis.Figures.LinePanel)caption.Figure.Panels[2];
        Assert.Equal(["measured", "simulated"], caption.Evidence);
        Assert.Equal(["measured", "simulated"], panel.Series.Select(series => series.Name));
        Assert.StartsWith("MEASURED AND SIMULATED", caption.Figure.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Refuses_WhenTheRunsLackAnAxis()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => ArtifactWriter.Write(ArtifactCatalogue.Find("gpu-clock")!, ExperimentRun.ReadAll([folder.PathOf("records")]), folder.Root));

        Assert.Equal(5, exception.Problems.Count);
        Assert.Equal("no gpu_clock_megahertz", exception.Problems[0].Found);
    }

    internal static void WriteRecords(string folder, IEnumerable<SyntheticRun> runs)
    {
        Directory.CreateDirectory(folder);
        foreach ((int index, SyntheticRun run) in runs.Index())
        {
            run.Write(Path.Combine(folder, $"{index:0000}"));
        }
    }
}
