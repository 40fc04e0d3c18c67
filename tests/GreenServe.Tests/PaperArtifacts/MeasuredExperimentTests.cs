using System.IO.Compression;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.PaperArtifacts;

/// <summary>The experiments that are measured, and the archive of what was measured.</summary>
public sealed class MeasuredExperimentTests
{
    public static TheoryData<string> Files => [.. Paths, .. In("engine-figures"), .. In("measured")];

    private static IEnumerable<string> Paths => new[] { "measured-cpu", "measured-cpu-full" }.SelectMany(In);

    private static IEnumerable<string> In(string folder) => Directory
        .GetFiles(Repository.PathOf("paper-artifacts", "experiments", folder), "*.experiment.yaml")
        .Select(path => Path.GetRelativePath(Repository.Root, path));

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryPoint_CanRunOnTheBuiltInEngine(string file)
    {
        Experiment experiment = ExperimentFile.Read(Repository.PathOf(file));

        IReadOnlyList<OperatingPoint> points = experiment.Points();

        Assert.Equal(BackendKind.Engine, experiment.Backend);
        Assert.InRange(points.Count, 1, 100);
        Assert.All(points, point =>
        {
            Assert.Empty(EngineArguments.Check(point));
            string[] arguments = [.. EngineArguments.For([point], "steps.csv")];
            Assert.Equal(point.Workload.Model, arguments[Array.IndexOf(arguments, "--model") + 1]);
            Assert.True(point.Knobs.MaxBatch >= (point.Schedule().Concurrency ?? 1));
        });
    }

    public static TheoryData<string> Archives =>
        [.. Directory.GetFiles(Campaign, "*.zip").Select(path => Path.GetFileNameWithoutExtension(path))];

    private static string Campaign => Repository.PathOf("paper-artifacts", "measured", "h200");

    [Theory]
    [MemberData(nameof(Archives))]
    public void EveryArchivedRun_IsAPointOfItsExperiment_SoThatTheTwinStandsBesideIt(string name)
    {
        Experiment experiment = ExperimentFile.Read(
            Repository.PathOf("paper-artifacts", "experiments", "measured", $"{name}.experiment.yaml"));
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Campaign, $"{name}.zip"));
        string[] archived = [.. archive.Entries.Where(entry => entry.Name == "run.json").Select(entry => entry.FullName.Split('/')[0])];

        string[] points = [.. experiment.Points().Select(point => point.Id)];

        Assert.Equal(name, experiment.Artifact);
        Assert.Empty(archived.Except(points));

        // Two runs of one experiment were cut off by the end of the time.
        Assert.InRange(points.Length - archived.Length, 0, name == "energy-regression" ? 2 : 0);
    }

    [Fact]
    public void AnArchivedRun_TellsWhatItMeasured_AndHowItsMetersAgree()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.OpenRead(Path.Combine(Campaign, "tensor-parallelism.zip")))
        {
            archive.ExtractToDirectory(folder.PathOf("archived"));
        }

        ResultTable table = RunsTable.Of(
        [
            ExperimentRun.Read(folder.PathOf("archived", "tensor-parallelism-1_load-high_r0")),
            ExperimentRun.Read(folder.PathOf("archived", "tensor-parallelism-2_load-high_r0")),
        ]);

        // Two boards idle at 156 W together and hold 700 W each.
        Assert.Equal(("measured", "VALID"), (table.Text(1, "evidence"), table.Text(1, "verdict")));
        Assert.InRange(table.Number(0, "mean_watts")!.Value, 500, 700);
        Assert.InRange(table.Number(1, "mean_watts")!.Value, 700, 1400);
        Assert.Equal(
            table.Number(1, "output_tokens_per_second")!.Value / 2,
            table.Number(1, "output_tokens_per_second_per_gpu")!.Value,
            1e-9);
        Assert.All(new[] { 0, 1 }, row => Assert.InRange(Math.Abs(table.Number(row, "energy_cross_check_ratio")!.Value), 0, 0.01));
        Assert.All(new[] { 0, 1 }, row => Assert.InRange(table.Number(row, "metering_cpu_cores")!.Value, 0.001, 0.2));
    }

    [Fact]
    public void CalibrationHalf_NamesPointsThatAreArchived_AndNeverAWholeExperiment()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Campaign, "calibration-half.txt"))
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0)];

        foreach (IGrouping<string, string> experiment in lines.GroupBy(line => line.Split('/')[0], line => line.Split('/')[1]))
        {
            using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Campaign, $"{experiment.Key}.zip"));
            HashSet<string> archived = [.. archive.Entries
                .Select(entry => entry.FullName.Split('/')[0])
                .Select(run => run[..run.LastIndexOf("_r", StringComparison.Ordinal)])];
            Assert.Empty(experiment.Except(archived));
            Assert.True(experiment.Count() <= archived.Count / 2.0 + 1, experiment.Key);
        }
    }

    [Fact]
    public void ShortVersion_AsksForLittle()
    {
        // What two cores do in well under 90 s: llama-15m processes thousands of prompt tokens and hundreds of tokens a second.
        OperatingPoint[] points = [.. Paths.Where(file => !file.Contains("full", StringComparison.Ordinal))
            .SelectMany(file => ExperimentFile.Read(Repository.PathOf(file)).Points())];

        Assert.InRange(points.Length, 3, 15);
        Assert.InRange(points.Sum(point => point.Schedule().Requests.Sum(request => request.OutputTokens)), 1, 20_000);
        Assert.InRange(points.Sum(point => point.Schedule().Requests.Sum(request => request.InputTokens)), 1, 40_000);
    }
}
