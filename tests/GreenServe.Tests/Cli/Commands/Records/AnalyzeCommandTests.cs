using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Analysis.Advising.Pages;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Rules_ListsEachRuleAndFails_WhenOneIsNotMet()
    {
        WriteRecord();

        CommandResult result = await CommandRunner.RunAsync("analyze", folder.Root, "--rules", "mlperf-power");

        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Error));
        Assert.Contains("rules of MLPerf Power met", result.Output, StringComparison.Ordinal);
        Assert.Contains("NOT MET     duration ", result.Output, StringComparison.Ordinal);
        Assert.Contains("whole-system", result.Output, StringComparison.Ordinal);
        Assert.Equal(["record"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--rules: got spec, want mlperf-power", "RECORD", "--rules", "spec")]
    [InlineData("--rules: got no RECORDS, want at least one folder", "--rules", "mlperf-power")]
    [InlineData("--out: got nothing, want a folder for the report", "RECORD")]
    [InlineData("--grid, --gpu-hour-price: got no RECORDS", "--out", "OUT", "--grid", "grid.yaml")]
    [InlineData("--gpu-hour-price: got a price without a currency", "RECORD", "--out", "OUT", "--gpu-hour-price", "2")]
    [InlineData("--currency: got it without --gpu-hour-price", "RECORD", "--out", "OUT", "--currency", "EUR")]
    [InlineData("--grid-start: got it without --grid", "RECORD", "--out", "OUT", "--grid-start", "2025-01-15T00:00Z")]
    [InlineData("--grid-start: got noon, want a time in UTC", "RECORD", "--out", "OUT", "--grid", "GRID", "--grid-start", "noon")]
    [InlineData(
        "--grid-start: got it with a --grid that does not change", "RECORD", "--out", "OUT", "--grid", "GRID", "--grid-start",
        "2025-01-15T00:00Z")]
    public async Task Analyze_SaysWhatIsAllowed_WhenAnOptionIsWrongOrMissing(string expected, params string[] arguments)
    {
        WriteRecord();

        CommandResult result = await CommandRunner.RunAsync(
            ["analyze", .. arguments.Select(argument => argument switch
            {
                "RECORD" => folder.PathOf("record"),
                "OUT" => folder.PathOf("out"),
                "GRID" => folder.Write("grid.yaml", "grams_per_kilowatt_hour: 360\nsource: the operator\ndate: \"2025\"\n"),
                _ => argument,
            })]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_PricesRunsByTheHour_AndSaysWhatTheNumbersCover()
    {
        new SyntheticRun { Artifact = "batch-size", Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = 1 } }
            .Write(folder.PathOf("runs", "run"));
        folder.Write("day.csv", "time,grams_per_kilowatt_hour,price_per_kilowatt_hour\n2025-01-15T18:00Z,200,0.1\n2025-01-15T19:00Z,,\n");
        string grid = folder.Write(
            "grid.yaml", "signal: day.csv\nsource: the operator\ndate: \"2025\"\ncurrency: EUR\npower_usage_effectiveness: 1.2\n");
        string[] arguments = ["analyze", folder.PathOf("runs"), "--out", folder.PathOf("out"), "--grid", grid, "--gpu-hour-price", "2"];

        CommandResult refused = await CommandRunner.RunAsync(arguments);
        CommandResult priced = await CommandRunner.RunAsync([.. arguments, "--grid-start", "2025-01-15T18:30Z"]);

        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains(
            "--grid-start: got nothing, want a time in UTC such as 2025-03-01T18:00:00Z: 1 of 1 runs are in virtual time", refused.Error,
            StringComparison.Ordinal);
        Assert.Equal((ExitCode.Success, ""), (priced.ExitCode, priced.Error));
        TableRow row = Assert.Single(TableFile.Read(folder.PathOf("out", "artifacts", "batch-size.csv")).Rows);

        // A token of J joules: J / 3.6e6 kWh, times 1.2, times 200 g and 0.1 EUR; the accelerator takes 2 EUR an hour.
        double kilowattHours = row[new NumberColumn("joules_per_output_token")]!.Value / 3.6e6 * 1.2 * 1e6;
        double hours = 1e6 / row[new NumberColumn("output_tokens_per_second")]!.Value / 3600;
        Assert.Equal(200 * kilowattHours, row[new NumberColumn("co2e_grams_per_million_output_tokens")]!.Value, tolerance: 1e-9);
        Assert.Equal((0.1 * kilowattHours) + (2 * hours), row[new NumberColumn("cost_per_million_output_tokens")]!.Value, tolerance: 1e-9);
        Assert.Equal("EUR", row.Text(new TextColumn("currency")));
        string page = File.ReadAllText(folder.PathOf("out", "artifacts", "batch-size.md"));
        Assert.Contains("times a PUE of 1.2; grid: the operator, 2025; over time", page, StringComparison.Ordinal);
        Assert.Contains("as if they began at 2025-01-15T18:30:00Z", page, StringComparison.Ordinal);
        Assert.Contains("2 EUR an hour each", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_WritesThePageOfAnAdvice_WhenAFolderHoldsNoRecord()
    {
        Directory.CreateDirectory(folder.PathOf("given", "advice"));
        SyntheticAdvice.Plain().Write(folder.PathOf("given", "advice", AdviceDocument.FileName));

        CommandResult result = await CommandRunner.RunAsync("analyze", folder.PathOf("given"), "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.True(File.Exists(folder.PathOf("out", AdvicePage.FileName)));
        Assert.Contains(
            "<a href=\"advice.html\">", File.ReadAllText(folder.PathOf("out", "index.html")), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void WriteRecord()
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("record"), new RunManifest
        {
            WorkloadName = "test",
            Workload = new JsonObject(),
            WorkloadSha256 = "abc",
            Model = "llama-15m",
            Knobs = new Knobs(),
            Backend = BackendKind.Engine,
            Evidence = EvidenceKind.Measured,
            Environment = RunEnvironment.Virtual(),
            Seed = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
            Window = new MeasurementWindow(0, 10, "test"),
            Verdict = RunVerdict.Valid,
        });
        writer.Add(new RequestRecord(0, "MM", 0, 0, 1, 5, 512, 512, 128, 128, RequestStatus.Completed));
        writer.Complete(started => started with { Verdict = RunVerdict.Valid });
    }
}
