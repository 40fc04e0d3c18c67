using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class AttributeCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Attribute_GivesEveryJouleToAPartAndARequest_WhenMetersWereRead()
    {
        new SyntheticRun { Waves = 4 }.Write(folder.PathOf("run"));

        CommandResult result = await CommandRunner.RunAsync("attribute", folder.PathOf("run"), "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        ResultTable parts = TableFile.Read(folder.PathOf("out/attribution-parts.csv"));
        Dictionary<string, double> joules = Enumerable.Range(0, parts.Rows.Count)
            .ToDictionary(row => parts.Text(row, "part")!, row => parts.Number(row, "energy_joules")!.Value);

        // The window holds three prefills of 0.5 s and four decodes of 1 s. Idle is 80 W, and loaded-idle 40 W more. Above both,
        // a prefill takes 480 W and a decode 180 W.
        Assert.Equal(3 * 0.5 * 480, joules["prefill"], 1e-6);
        Assert.Equal(4 * 180, joules["decode"], 1e-6);
        Assert.Equal(5.5 * 80, joules["idle"], 1e-6);
        Assert.Equal(5.5 * 40, joules["loaded-idle"], 1e-6);
        Assert.Equal(joules["total"], joules["idle"] + joules["loaded-idle"] + joules["dynamic"], 1e-6);
        Assert.False(parts.Has("carbon_grams"));

        ResultTable requests = TableFile.Read(folder.PathOf("out/attribution-requests.csv"));
        Assert.Equal(4 * 600, Enumerable.Range(0, 4).Sum(row => requests.Number(row, "energy_joules")!.Value), 1e-6);
    }

    [Fact]
    public async Task Attribute_SaysWhichStretchEachTableCovers()
    {
        new SyntheticRun { Waves = 4 }.Write(folder.PathOf("run"));

        CommandResult result = await CommandRunner.RunAsync("attribute", folder.PathOf("run"), "--out", folder.PathOf("out"));

        // Parts are of the window, which opens with the first tokens at 0.5 s and closes at the end; classes are of all four waves.
        Assert.Contains(
            "attribution-parts; evidence: simulated; covers: steady window; from seconds: 0.5; to seconds: 6", result.Output,
            StringComparison.Ordinal);
        Assert.Contains("covers: whole run; from seconds: 0; to seconds: 6", result.Output, StringComparison.Ordinal);
        foreach ((string table, string covers, double from) in new[]
        {
            ("parts", "steady window", 0.5), ("classes", "whole run", 0), ("requests", "whole run", 0),
        })
        {
            ResultTable read = TableFile.Read(folder.PathOf($"out/attribution-{table}.csv"));
            Assert.Equal((covers, from, 6), (read.Text(0, "covers"), read.Number(0, "from_seconds"), read.Number(0, "to_seconds")));
        }
    }

    [Fact]
    public async Task Attribute_CountsCarbonAndCost_WhenTheIntensityHasASource()
    {
        new SyntheticRun { Waves = 4 }.Write(folder.PathOf("run"));
        string grid = folder.Write("grid.yaml", """
            grams_per_kilowatt_hour: 360
            source: the operator's report
            date: "2025"
            power_usage_effectiveness: 1.5
            price_per_kilowatt_hour: 0.2
            currency: EUR
            """);

        CommandResult result = await CommandRunner.RunAsync(
            "attribute", folder.PathOf("run"), "--grid", grid, "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains("the operator's report, 2025", result.Output, StringComparison.Ordinal);
        ResultTable parts = TableFile.Read(folder.PathOf("out/attribution-parts.csv"));
        double total = parts.Number(0, "energy_joules")!.Value;
        Assert.Equal(total / 3600, parts.Number(0, "watt_hours")!.Value, 1e-9);
        Assert.Equal(total / 3.6e6 * 1.5 * 360, parts.Number(0, "carbon_grams")!.Value, 1e-9);
        Assert.Equal(total / 3.6e6 * 1.5 * 0.2, parts.Number(0, "cost_eur")!.Value, 1e-9);
    }

    [Fact]
    public async Task Attribute_CountsEachStretchWithItsMean_WhereTheGridChanges()
    {
        new SyntheticRun { Waves = 4 }.Write(folder.PathOf("run"));
        folder.Write("rows.csv", "time,grams_per_kilowatt_hour\n2025-01-15T00:00:00Z,100\n2025-01-15T00:00:03Z,400\n2025-01-15T01:00Z,\n");
        string grid = folder.Write("grid.yaml", "signal: rows.csv\nsource: the operator\ndate: \"2025\"\n");
        string[] arguments = ["attribute", folder.PathOf("run"), "--grid", grid, "--out", folder.PathOf("out")];

        CommandResult refused = await CommandRunner.RunAsync(arguments);
        CommandResult result = await CommandRunner.RunAsync([.. arguments, "--grid-start", "2025-01-15T00:00Z"]);

        Assert.Contains("--grid-start: got nothing", refused.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));

        // Waves of 600 J in 1.5 s. The window from 0.5 s to 6 s has 900 J before 3 s and 1,200 J after it; the whole run has 1,200 J twice.
        ResultTable parts = TableFile.Read(folder.PathOf("out/attribution-parts.csv"));
        ResultTable classes = TableFile.Read(folder.PathOf("out/attribution-classes.csv"));
        Assert.Equal(((900 * 100) + (1200 * 400)) / 3.6e6, parts.Number(0, "carbon_grams")!.Value, 1e-12);
        Assert.Equal(2400 * 250 / 3.6e6, classes.Number(0, "carbon_grams")!.Value, 1e-12);
        Assert.Contains("mean of the stretch by energy", parts.Text(0, "carbon_source"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grams_per_kilowatt_hour: -1\nsource: a\ndate: \"2025\"\n", "$.grams_per_kilowatt_hour: got -1")]
    [InlineData("grams_per_kilowatt_hour: 1\ndate: \"2025\"\n", "$.source: got nothing")]
    [InlineData("grams_per_kilowatt_hour: 1\nsource: \"\"\ndate: \"2025\"\n", "$.source: got empty text")]
    [InlineData("grams_per_kilowatt_hour: 1\nsource: a\ndate: \"2025\"\nprice_per_kilowatt_hour: 1\n", "$.currency: got nothing")]
    public async Task Attribute_RefusesFactors_WhenTheirSourceIsMissing(string yaml, string expected)
    {
        new SyntheticRun().Write(folder.PathOf("run"));

        CommandResult result = await CommandRunner.RunAsync(
            "attribute", folder.PathOf("run"), "--grid", folder.Write("grid.yaml", yaml));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attribute_SaysNotMeasured_WhenThereIsNoMeter()
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        EditedRecord.RemoveTable(run, RunFiles.Steps);
        string[] lines = File.ReadAllLines(Path.Combine(run, RunFiles.Requests));
        File.WriteAllLines(Path.Combine(run, RunFiles.Requests), lines);

        CommandResult result = await CommandRunner.RunAsync("attribute", run, "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        ResultTable parts = TableFile.Read(folder.PathOf("out/attribution-parts.csv"));
        Assert.Null(parts.Number(0, "energy_joules"));
        Assert.Contains("no meter was read", parts.Text(0, "not_measured"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SharesEnergyByRequestsInFlight_WhenThereAreNoSteps()
    {
        // The record draws 3,200 W throughout. Its requests overlap, so that the shares add up to the time in which any was in flight.
        RunRecord record = RunRecord.Read(LargeRecord.Write(folder.PathOf("large"), requests: 200, seconds: 120, gpus: 8));

        RequestAttribution attribution = RequestAttribution.Of(record, StepWindow.Of(record, window: null))!;

        double busy = 0;
        double until = 0;
        IEnumerable<(double From, double To)> inFlight = record.Requests
            .Select(request => (request.IssuedSeconds!.Value, Math.Min(120, request.CompletedSeconds!.Value)))
            .Order();
        foreach ((double from, double to) in inFlight)
        {
            busy += Math.Max(0, to - Math.Max(from, until));
            until = Math.Max(until, to);
        }

        Assert.Equal(3200 * 120, attribution.TotalJoules, 1e-3);
        Assert.Equal(3200 * busy, attribution.Rows(record.Requests).Sum(row => row.Joules), 1e-3);
        Assert.Equal(attribution.TotalJoules, attribution.UnattributedJoules + attribution.ByClass.Sum(one => one.Joules), 1e-3);
    }

    public void Dispose() => folder.Dispose();
}
