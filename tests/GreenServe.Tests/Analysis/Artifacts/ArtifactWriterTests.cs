using System.Text.Json;
using System.Xml.Linq;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Reports;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class ArtifactWriterTests
{
    public static TheoryData<string> Artifacts => [.. ArtifactCatalog.All.Select(artifact => artifact.Name)];

    [Theory]
    [MemberData(nameof(Artifacts))]
    public void Write_MakesEveryFile_ForEachArtifact(string name)
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of(name, repetitions: 2));

        // A place to look at the figures: they are kept where this variable names a folder.
        string output = Environment.GetEnvironmentVariable("GREENSERVE_GALLERY")
            ?? Directory.CreateDirectory(folder.PathOf("artifacts")).FullName;
        ArtifactCaption caption = Write(name, folder, output);

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
    public void Write_DrawsTheErrorBand_WhereASimulatedSeriesStandsAlone()
    {
        using TemporaryFolder folder = new();
        SyntheticRun[] runs =
            [.. SyntheticGrids.Of("batch-size", repetitions: 1).Select(run => run with { ErrorBands = SyntheticRun.SomeBands })];
        WriteRecords(folder.PathOf("records"), runs);

        ArtifactCaption alone = Write("batch-size", folder, folder.Root);

        Series typical = alone.Figure.Panels.OfType<LinePanel>().First().Series[0];
        Assert.All(typical.Points, point => Assert.Equal(0.6 * point.Y, point.BandLow!.Value, 1e-9));
        Assert.All(typical.Points, point => Assert.Equal(2 * point.Y, point.BandHigh!.Value, 1e-9));
        Assert.All(alone.Figure.Panels.OfType<LinePanel>().First().Series[1].Points, point => Assert.Null(point.BandLow));
        Assert.Contains("Shaded: where 80 %", alone.Figure.Note, StringComparison.Ordinal);

        WriteRecords(folder.PathOf("records", "more"), runs.Select(run => run with { Model = "llama-2-7b" }));
        ArtifactCaption beside = Write("batch-size", folder, folder.Root);

        Assert.All(
            beside.Figure.Panels.OfType<LinePanel>().SelectMany(panel => panel.Series).SelectMany(series => series.Points),
            point => Assert.Null(point.BandLow));
        Assert.Contains("stands in the table", beside.Figure.Note, StringComparison.Ordinal);

        // The table of a figure that is drawn from the records themselves holds its points alone.
        ArtifactCaption course = CaptionWriter.Build(
            new ArtifactTitle("course", "Course", "How?"),
            ExperimentRun.ReadAll([folder.PathOf("records")]),
            [FigureTable.Of("course", beside.Figure.Panels)],
            new FigureContent(beside.Figure.Panels));
        Assert.Contains("stands in the record of each run", course.Figure.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SaysThatAPredictionWasScaled_WhenARunNamesAHost()
    {
        using TemporaryFolder folder = new();
        HostSpeed host = new() { LaunchSeconds = 9e-6 };
        WriteRecords(
            folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1).Select(run => run with { Host = host }));

        ArtifactCaption caption = Write("batch-size", folder, folder.Root);

        Assert.Equal(["scaled to 9.00 us a launch"], caption.HostScaling);
        Assert.EndsWith(" Host: scaled to 9.00 us a launch.", ReportText.Setting(caption), StringComparison.Ordinal);
        string text = File.ReadAllText(folder.PathOf("batch-size.md"));
        Assert.Contains("\n- Host: scaled to 9.00 us a launch\n", text, StringComparison.Ordinal);
        Assert.Contains("on a host of 9.00 us a launch", caption.Figure.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_KeepsTheCaption_WhenItIsReadBack()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 2));

        ArtifactCaption caption = Write("batch-size", folder, folder.Root);
        string json = File.ReadAllText(folder.PathOf("batch-size.json"));
        ArtifactCaption read = JsonSerializer.Deserialize<ArtifactCaption>(json, DocumentContract.Options)!;

        Assert.Equal(JsonSerializer.Serialize(caption, DocumentContract.Options), JsonSerializer.Serialize(read, DocumentContract.Options));

        // In each of two runs the first wave is warm-up: two requests are left of three at batch 1, and one wave of 256 at batch 256.
        Assert.Equal(
            "Error bars: 95 % Student t interval of the mean between 2 runs a point, each with its own seed. "
                + "Behind the latencies of a point stand 4 to 512 requests; a 99th percentile needs 1,000.",
            read.ErrorBars);
        Assert.Equal([1UL, 2UL], read.Seeds);
    }

    [Fact]
    public void Write_ShowsBothKindsApart_WhenRecordsAreSimulatedAndMeasured()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records", "a"), SyntheticGrids.Of("batch-size", repetitions: 1));
        WriteRecords(folder.PathOf("records", "b"), SyntheticGrids.Of("batch-size", repetitions: 1, EvidenceKind.Measured));

        ArtifactCaption caption = Write("batch-size", folder, folder.Root);

        GreenServe.Analysis.Figures.LinePanel panel = (GreenServe.Analysis.Figures.LinePanel)caption.Figure.Panels[2];
        Assert.Equal(["measured", "simulated"], caption.Evidence);
        Assert.Equal(["measured", "simulated"], panel.Series.Select(series => series.Name));
        Assert.Equal([false, true], panel.Series.Select(series => series.Style.IsJoined));
        Assert.StartsWith(
            "MEASURED  ·  8 x H100-80GB-SXM  ·  llama-2-70b  ·  synthetic-engine   |   SIMULATED",
            caption.Figure.Subtitle,
            StringComparison.Ordinal);
        Assert.Contains("Lines are simulated, single points are measured.", caption.Figure.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SaysThatEnergyIsEstimated_InSubtitleAxesAndTable()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1, EvidenceKind.Estimated));

        ArtifactCaption caption = Write("batch-size", folder, folder.Root);

        string[] labels =
            [.. caption.Figure.Panels.OfType<GreenServe.Analysis.Figures.LinePanel>().Select(panel => panel.Y.Label).Distinct()];
        Assert.Equal(["estimated"], caption.Evidence);
        Assert.StartsWith("ESTIMATED  ·  ", caption.Figure.Subtitle, StringComparison.Ordinal);
        Assert.All(
            labels.Where(label => label.EndsWith("(W)", StringComparison.Ordinal) || label.Contains("(J/", StringComparison.Ordinal)),
            label => Assert.StartsWith("estimated ", label, StringComparison.Ordinal));
        Assert.Contains(labels, label => label.StartsWith("estimated energy", StringComparison.Ordinal));
        Assert.Contains("estimated", File.ReadAllText(folder.PathOf("batch-size.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SplitsWhatOnlyOneExperimentVaries_AndSharesColoursBetweenKinds()
    {
        using TemporaryFolder folder = new();
        string[] models = ["llama-2-13b", "llama-2-7b"];
        foreach (EvidenceKind evidence in new[] { EvidenceKind.Simulated, EvidenceKind.Measured })
        {
            IEnumerable<SyntheticRun> runs = SyntheticGrids.Of("batch-size", repetitions: 1, evidence);
            WriteRecords(
                folder.PathOf("records", evidence.ToString()),
                models.SelectMany(model => runs.Select(run => run with
                {
                    Model = model,
                    Experiment = $"{evidence}-sizes",

                    // Only the measured experiment has the axis; the simulated one is told apart by what its runs say.
                    Coordinates = evidence == EvidenceKind.Measured
                        ? run.Coordinates.Append(new("model", model)).ToDictionary()
                        : run.Coordinates,
                })));
        }

        ArtifactCaption caption = Write("batch-size", folder, folder.Root);

        GreenServe.Analysis.Figures.LinePanel panel = (GreenServe.Analysis.Figures.LinePanel)caption.Figure.Panels[2];
        Assert.Equal(
            ["measured, llama-2-7b", "measured, llama-2-13b", "simulated, llama-2-7b", "simulated, llama-2-13b"],
            panel.Series.Select(series => series.Name));
        Assert.Equal(panel.Series[0].Style.Color, panel.Series[2].Style.Color);
        Assert.NotEqual(panel.Series[0].Style.Color, panel.Series[1].Style.Color);
        Assert.All(panel.Series, series => Assert.Equal(5, series.Points.Count));
    }

    [Fact]
    public void Write_Refuses_WhenRepetitionsOfAPointHaveDifferentWorkloads()
    {
        using TemporaryFolder folder = new();
        SyntheticRun[] runs = [.. SyntheticGrids.Of("batch-size", repetitions: 2)];
        WriteRecords(
            folder.PathOf("records"),
            runs.Select((run, index) => run with { WorkloadSha256 = new string(index == 3 ? '1' : '0', 64) }));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => Write("batch-size", folder, folder.Root));

        Assert.Equal("$.workload", Assert.Single(exception.Problems).Place);
    }

    [Fact]
    public void Write_SaysHowManyGpusServed_WhenNotAllOfThemDid()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("slo-tightness", repetitions: 1));

        ArtifactCaption caption = Write("slo-tightness", folder, folder.Root);

        Assert.Equal(["2 to 8 of 8 x H100-80GB-SXM"], caption.Systems);
    }

    [Fact]
    public void Write_OrdersModelsByTheSizeTheirNamesState()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("model-size", repetitions: 1).Reverse());

        ArtifactCaption caption = Write("model-size", folder, folder.Root);

        Assert.Equal(
            ["llama-2-7b", "llama-3.1-8b", "llama-2-13b", "mixtral-8x7b", "llama-3.1-70b", "llama-2-70b", "falcon-180b"],
            caption.Figure.Panels[0].X.Categories);
    }

    [Fact]
    public void Write_Refuses_WhenTheRunsLackAnAxis()
    {
        using TemporaryFolder folder = new();
        WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => Write("gpu-clock", folder, folder.Root));

        Assert.Equal(5, exception.Problems.Count);
        Assert.Equal("no gpu_clock_megahertz", exception.Problems[0].Found);
    }

    private static ArtifactCaption Write(string artifact, TemporaryFolder folder, string output) =>
        ArtifactWriter.Write(ArtifactCatalog.Find(artifact)!, ExperimentRun.ReadAll([folder.PathOf("records")]), output);

    internal static void WriteRecords(string folder, IEnumerable<SyntheticRun> runs)
    {
        Directory.CreateDirectory(folder);
        foreach ((int index, SyntheticRun run) in runs.Index())
        {
            run.Write(Path.Combine(folder, $"{index:0000}"));
        }
    }
}
