using GreenServe.Records;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Simulation;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class ValidateCommandTests
{
    [Fact]
    public async Task Validate_KeepsFittedRunsApart_WhenAListNamesThem()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r0"), CalibrateCommandTests.Machine("llama-3.2-1b"), 1, 20, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r1"), CalibrateCommandTests.Machine("llama-3.2-1b"), 2, 20, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("batch", "two_r0"), CalibrateCommandTests.Machine("llama-2-7b"), 3, 20, 500, 0.1);
        folder.Write("half.txt", "# fitted\nbatch/one   # both repetitions\n");

        CommandResult result = await CommandRunner.RunAsync(
            "validate", folder.PathOf("batch"), "--fitted", folder.PathOf("half.txt"),
            "--out", folder.PathOf("out"), "--report", folder.PathOf("report"));

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Dictionary<string, string> points = File.ReadLines(folder.PathOf("out", ValidationFiles.Errors))
            .Select(line => line.Split(','))
            .Where(cells => cells[0] == "all" && cells[3] == "tbt")
            .ToDictionary(cells => cells[2], cells => cells[4]);
        Assert.Equal(("2", "1"), (points["calibration"], points["validation"]));
        Assert.True(File.Exists(folder.PathOf("report", "artifacts", "twin-errors.csv")));
        Assert.False(File.Exists(folder.PathOf("report", "artifacts", "simulator-errors.csv")));
    }

    [Fact]
    public async Task Validate_FitsInto80Columns_AndShowsTheNoiseOfRepeats()
    {
        using TemporaryFolder folder = new();
        string header = string.Join(',', PointsFile.Columns);
        string row = "a source with a name that is far too long for a column @1 (MIT),validation,H100-SXM,llama-3.1-8b,bf16,1,";
        folder.Write("points.csv", $"{header}\n1,{row}concurrency 4,100,20,,vLLM 2025,,7.5,,,\n");
        folder.Write(
            "repeats.csv",
            $"{header}\n1.1,{row}concurrency 4,100,20,,vLLM 2025,,7.5,,,\n1.2,{row}concurrency 4,100,20,,vLLM 2025,,8.5,,,\n");

        CommandResult result = await CommandRunner.RunAsync(
            "validate", folder.PathOf("points.csv"), "--repeats", folder.PathOf("repeats.csv"), "--out", folder.PathOf("out"));

        string[] lines = [.. result.Output.Split('\n').Where(line => !line.StartsWith("All errors", StringComparison.Ordinal))];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));

        // Two logarithms ln(8.5 / 7.5) = 0.1252 apart: 0.0626 from their mean, times sqrt(2).
        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["noise", "-", "8.9", "-", "-", "-"]);
        Assert.Contains(
            File.ReadLines(folder.PathOf("out", ValidationFiles.Errors)), line => line.EndsWith(",1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validate_NamesEveryLine_WhenAListNamesNoRun()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r0"), CalibrateCommandTests.Machine("llama-3.2-1b"), 1, 20, 300, 0.1);
        folder.Write("bad.txt", "batch\nbatch/one/r0\n");
        folder.Write("absent.txt", "batch/one\nbatch/other\nload/one\n");

        CommandResult bad = await CommandRunner.RunAsync(
            "validate", folder.PathOf("batch"), "--fitted", folder.PathOf("bad.txt"), "--fitted", folder.PathOf("none.txt"),
            "--out", folder.PathOf("out"));
        CommandResult absent = await CommandRunner.RunAsync(
            "validate", folder.PathOf("batch"), "--fitted", folder.PathOf("absent.txt"), "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (bad.ExitCode, absent.ExitCode));
        Assert.All(new[] { "bad.txt:1", "bad.txt:2", "none.txt" }, place => Assert.Contains(place, bad.Error, StringComparison.Ordinal));
        Assert.Contains("absent.txt:2", absent.Error, StringComparison.Ordinal);
        Assert.Contains("absent.txt:3", absent.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("absent.txt:1:", absent.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Theory]
    [InlineData("--gpu", "--gpu: got nosuch, want one of")]
    [InlineData("--engine", "--engine: got nosuch, want one of")]
    public async Task Validate_NamesWhatIsAllowed_WhenTheSystemIsUnknown(string option, string expected)
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r0"), CalibrateCommandTests.Machine("llama-3.2-1b"), 1, 20, 300, 0.1);

        CommandResult result = await CommandRunner.RunAsync(
            "validate", folder.PathOf("batch"), option, "nosuch", "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error.Replace("'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Validate_CountsAPointAsFitted_WhenTheShippedProfilesWereFittedToIt()
    {
        using TemporaryFolder folder = new();
        MeasuredPoint fitted = ShippedValidation.Report.Results.First(result => result.Point.IsForCalibration).Point;
        folder.Write(
            "points.csv",
            FormattableString.Invariant($"{string.Join(',', PointsFile.Columns)}\nmine,{fitted.Source},validation,{fitted.Gpu},")
                + FormattableString.Invariant($"{fitted.Model},{fitted.Precision},{fitted.TensorParallelism},{fitted.Load},")
                + FormattableString.Invariant($"{fitted.InputTokens},{fitted.OutputTokens},{fitted.ClockMegahertz},")
                + $"{fitted.Stack},,50,,,\n");

        CommandResult result = await CommandRunner.RunAsync("validate", folder.PathOf("points.csv"), "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Contains(
            "1 point marked validation was fitted to by the shipped profiles: it counts as fitted.",
            string.Join(' ', result.Output.Split('\n')), StringComparison.Ordinal);
        Assert.Contains(
            "all,all points,calibration,tbt,1,", File.ReadAllText(folder.PathOf("out", ValidationFiles.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_UsesTheEngineForPointsOfFiles_WhenItIsStated()
    {
        using TemporaryFolder folder = new();
        string path = WritePoints(folder, "H100-SXM");

        CommandResult result = await CommandRunner.RunAsync("validate", path, "--engine", "sglang-0.5", "--out", folder.PathOf("out"));
        CommandResult unknown = await CommandRunner.RunAsync("validate", path, "--engine", "nosuch", "--out", folder.PathOf("none"));

        Assert.Equal((ExitCode.Success, ExitCode.BadInput), (result.ExitCode, unknown.ExitCode));
        Assert.Contains("engine sglang-0.5", result.Output, StringComparison.Ordinal);
        Assert.Contains("'nosuch'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains(
            "engine,sglang-0.5,validation,", File.ReadAllText(folder.PathOf("out", ValidationFiles.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_EndsWithTheReasons_WhenNoPointCanBeSimulated()
    {
        using TemporaryFolder folder = new();

        CommandResult result = await CommandRunner.RunAsync("validate", WritePoints(folder, "H900"), "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("1 skipped (one): unknown GPU 'H900'", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    private static string WritePoints(TemporaryFolder folder, string gpu) => folder.Write(
        "points.csv",
        $"{string.Join(',', PointsFile.Columns)}\none,mine,validation,{gpu},llama-3.1-8b,bf16,1,concurrency 4,100,20,,vLLM 2025,,7.5,,,\n");
}
