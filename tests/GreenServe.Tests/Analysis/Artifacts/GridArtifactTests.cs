using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using GreenServe.Analysis;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class GridArtifactTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void For_DrawsCurvesAgainstTheAxis_WhenItHasNumbers()
    {
        ArtifactCaption caption = Write(Grid(("wait_seconds", [1, 2, 4])));

        LinePanel[] panels = [.. caption.Figure.Panels.Cast<LinePanel>()];
        Assert.Equal("mine", caption.Name);
        Assert.Equal("Wait seconds (mine)", caption.Title);
        Assert.All(panels, panel => Assert.Equal("Wait (s)", panel.X.Label));
        Assert.Equal(
            ["TTFT: p50 and p99", "TBT: mean and p99", "Throughput", "Power of the GPUs used: mean and peak", "Energy per output token"],
            panels.Select(panel => panel.Title));

        // The figure shows the means of the table.
        ResultTable table = TableFile.Read(folder.PathOf("out", "artifacts", "mine.csv"));
        Assert.Equal([1, 2, 4], panels[^1].Series.Single().Points.Select(point => point.X));
        Assert.Equal(
            table.Numbers(new NumberColumn("joules_per_output_token")), panels[^1].Series.Single().Points.Select(point => point.Y));
        Assert.All(panels[^1].Series.Single().Points, point => Assert.NotNull(point.Low));
        Assert.StartsWith("Error bars: 95 %", caption.Figure.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void For_DrawsBars_WhenTheAxisHasNames()
    {
        ArtifactCaption caption = Write(Grid(("scheduler", ["first-come", "shortest", "fair"])));

        BarPanel panel = Assert.IsType<BarPanel>(caption.Figure.Panels[^1]);
        Assert.Equal(["first-come", "shortest", "fair"], panel.X.Categories);
        Assert.Equal("Scheduler", panel.X.Label);
    }

    [Fact]
    public void For_DrawsOneHeatMapAndCurves_WhenTheGridHasTwoAxes()
    {
        ArtifactCaption caption = Write(Grid(("max_batch", [8, 16, 32]), ("step_tokens", [256, 512])));

        HeatPanel panel = Assert.IsType<HeatPanel>(Assert.Single(caption.Figure.Panels));
        Assert.Equal(6, panel.Cells.Count);
        Assert.Equal(("Batch limit (sequences)", 3, 2), (panel.X.Label, panel.X.Categories.Count, panel.Y.Categories.Count));

        // The least energy is where both axes, and so the step, are least: in the first column of the upper row.
        HeatCell best = panel.Cells.Single(cell => cell.IsMarked);
        Assert.Equal((0, 1, 1.0), (best.Column, best.Row, best.Value));
        Assert.StartsWith("chunk 256, batch limit 8: ", best.Text, StringComparison.Ordinal);
        Assert.All(panel.Cells, cell => Assert.NotNull(cell.Label));
        Assert.Equal(1, panel.ColorLow);
        Assert.Equal(
            ["mine", "mine-curves", "mine-pareto"],
            Directory.GetFiles(folder.PathOf("out", "artifacts"), "*.json").Select(Path.GetFileNameWithoutExtension).Order());
        Assert.NotEmpty(File.ReadAllText(folder.PathOf("out", "artifacts", "mine.column.svg")));
    }

    [Fact]
    public void For_SetsTheLeastTellingAxisApart_WhenTheGridHasThreeAxes()
    {
        ArtifactCaption caption = Write(Grid(("alpha", [1, 8]), ("beta", [1, 8]), ("gamma", [1, 2])));

        Assert.Equal(["Gamma 1", "Gamma 2"], caption.Figure.Panels.Select(panel => panel.Title));
        Assert.All(caption.Figure.Panels, panel => Assert.Equal(4, Assert.IsType<HeatPanel>(panel).Cells.Count));

        // All settings are one question: one of them is the least.
        Assert.Single(caption.Figure.Panels.Cast<HeatPanel>().SelectMany(panel => panel.Cells), cell => cell.IsMarked);
    }

    [Fact]
    public void For_ShowsEverySetting_WhenTheGridHasFiveAxes()
    {
        ArtifactCaption caption = Write(Grid(
            repetitions: 1, ("a", [1, 2, 3]), ("b", [1, 2]), ("c", ["x", "y"]), ("d", [1, 2]), ("e", [true, false])));

        Assert.Equal(48, caption.Figure.Panels.Cast<HeatPanel>().Sum(panel => panel.Cells.Count));
        Assert.InRange(caption.Figure.Panels.Count, 1, 12);
        Assert.StartsWith("Each cell is one run.", caption.Figure.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void For_CrossesWhatBreaksTheSlo_AndMarksTheLeastOfTheOthers()
    {
        // Steps of 0.1, 0.2, 0.3 and 0.6 s. The limit of the gaps between tokens is 0.25 s, so that two settings break it.
        SloProfile slo = new()
        {
            Name = "made-up",
            Source = "made up for tests",
            Limits = [new SloLimit { Metric = SloMetric.Tbt, LimitSeconds = 0.25 }],
        };
        ArtifactCaption caption = Write([.. Grid(("alpha", [1, 3]), ("beta", [1, 2])).Select(run => run with { Slo = slo })]);

        HeatPanel panel = Assert.IsType<HeatPanel>(Assert.Single(caption.Figure.Panels));
        Assert.Equal(2, panel.Cells.Count(cell => cell.Value is null));
        Assert.All(
            panel.Cells.Where(cell => cell.Value is null),
            cell => Assert.EndsWith(": breaks the SLO", cell.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("alpha 3", panel.Cells.Single(cell => cell.IsMarked).Text, StringComparison.Ordinal);
        Assert.Contains(
            "of which 2 are crossed (breaks the SLO or was never valid)", caption.Figure.TextAlternative, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NeverMixesEvidence_WhenAGridWasSimulatedAndMeasured()
    {
        SyntheticRun[] simulated = Grid(("alpha", [1, 2]), ("beta", [1, 2]));
        ArtifactCaption caption = Write([.. simulated, .. simulated.Select(run => run with { Evidence = EvidenceKind.Measured })]);

        Assert.Equal(["Measured", "Simulated"], caption.Figure.Panels.Select(panel => panel.Title));
        Assert.All(
            caption.Figure.Panels.Cast<HeatPanel>(),
            panel => Assert.Equal((4, 1), (panel.Cells.Count, panel.Cells.Count(cell => cell.IsMarked))));
    }

    [Fact]
    public void For_ComparesSettingsForEachInput_WhenTheGridVariesWhatIsAsked()
    {
        ArtifactCaption caption = Write(Grid(("input_tokens", [128, 512]), ("alpha", [1, 2, 3])));

        HeatPanel panel = Assert.IsType<HeatPanel>(Assert.Single(caption.Figure.Panels));
        Assert.Equal(2, panel.Cells.Count(cell => cell.IsMarked));
        Assert.Contains("Settings are compared for each input tokens", caption.Figure.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void For_ShowsForeignNamesAsText_WhateverTheyHold()
    {
        string[] names = ["<script>alert('x')</script>", "a\nb\u001b[31m", "", new string('x', 500), "=1+1", "\ud83d\ude00 |*a*"];
        SyntheticRun[] runs = Grid(repetitions: 1, ("\"><b>axis & co", [.. names.Select(name => (JsonNode)name)]), ("beta", [1, 2]));
        Write(runs);
        AnalysisOutput.WriteReport(claimsFolder: null, folder.PathOf("out"));

        // Parsing fails where a sign was not escaped.
        Assert.NotNull(XDocument.Load(folder.PathOf("out", "artifacts", "mine.svg")).Root);
        string html = File.ReadAllText(folder.PathOf("out", "index.html"));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"><b>axis", html, StringComparison.Ordinal);
        ResultTable table = TableFile.Read(folder.PathOf("out", "artifacts", "mine.csv"));
        Assert.Equal(12, table.Rows.Count);
    }

    [Fact]
    public void WriteArtifacts_LeavesTheSameBytes_WhenRecordsAreReadTwice()
    {
        SyntheticRun[] runs = Grid(("alpha", [1, 2, 3]), ("beta", ["x", "y"]), ("gamma", [1, 2]));
        Write(runs);
        string[] first = [.. Contents()];
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));

        Assert.Equal(first, Contents());
    }

    [Fact]
    public void WriteReport_ShowsTheGridBeforeTheErrorsOfTheSimulator_AndCountsItsRunsOnce()
    {
        Write(Grid(("alpha", [1, 2]), ("beta", [1, 2])));

        AnalysisOutput.WriteReport(claimsFolder: null, folder.PathOf("out"));

        string markdown = File.ReadAllText(folder.PathOf("out", "index.md"));
        int own = markdown.IndexOf("artifacts/mine.svg", StringComparison.Ordinal);
        Assert.InRange(own, 1, markdown.IndexOf("artifacts/mine-pareto.svg", StringComparison.Ordinal));
        Assert.Contains("12 runs", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteArtifacts_KeepsRunsWithoutAGrid_InTheTableOfRuns()
    {
        SyntheticRun run = new() { Experiment = "single" };
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), [run]);

        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));

        Assert.Single(TableFile.Read(folder.PathOf("out", "artifacts", "runs.csv")).Rows);
    }

    public void Dispose() => folder.Dispose();

    private IEnumerable<string> Contents() => Directory.GetFiles(folder.PathOf("out", "artifacts")).Order()
        .Select(path => $"{Path.GetFileName(path)} {Convert.ToHexString(File.ReadAllBytes(path))}");

    private ArtifactCaption Write(SyntheticRun[] runs)
    {
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), runs);
        return Assert.Single(
            AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out")));
    }

    private static SyntheticRun[] Grid(params (string Axis, JsonNode[] Values)[] axes) => Grid(repetitions: 3, axes);

    /// <summary>
    /// Runs of an experiment that names no artifact. A step takes a tenth of a second times every number of its place, of known knobs times
    /// their ratio to 8 and to 256.
    /// </summary>
    private static SyntheticRun[] Grid(int repetitions, params (string Axis, JsonNode[] Values)[] axes)
    {
        IEnumerable<(string Axis, JsonNode Value)[]> points = [[]];
        foreach ((string axis, JsonNode[] values) in axes)
        {
            points = [.. points.SelectMany(point => values, (point, value) => point.Append((axis, value)).ToArray())];
        }

        return
        [
            .. from point in points
               let step = 0.1 * point.Aggregate(1.0, (product, one) => product * FactorOf(one.Axis, one.Value))
               from repetition in Enumerable.Range(0, repetitions)
               select new SyntheticRun
               {
                   Experiment = "mine",
                   Coordinates = point.ToDictionary(one => one.Axis, one => (JsonNode?)one.Value.DeepClone()),
                   Repetition = repetition,
                   Seed = (ulong)repetition + 1,
                   StepSeconds = step * (1 + (0.01 * repetition)),
               },
        ];
    }

    private static double FactorOf(string axis, JsonNode value) => value.GetValueKind() != JsonValueKind.Number ? 1 : axis switch
    {
        "max_batch" => value.GetValue<int>() / 8.0,
        "step_tokens" or "input_tokens" => value.GetValue<int>() / 256.0,
        _ => value.GetValue<int>(),
    };
}
