using GreenServe.Records;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Simulation;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Cli.Commands.Records;

/// <summary><c>calibrate</c> and <c>validate</c> as a user runs them: fit on some records, hold the rest against it.</summary>
public sealed class CalibrateCommandTests
{
    [Fact]
    public async Task Calibrate_ThenValidate_ComesCloserOnRecordsItHasNotSeen()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("fit", "a"), Machine("llama-3.2-1b"), 1, 40, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("fit", "b"), Machine("llama-2-13b"), 2, 40, 900, 0.15);
        EngineLikeRecords.Write(folder.PathOf("held", "c"), Machine("llama-2-7b"), 3, 40, 500, 0.1);
        string profile = folder.PathOf("mine.yaml");

        CommandResult fitted = await CommandRunner.RunAsync("calibrate", folder.PathOf("fit", "a"), folder.PathOf("fit", "b"), "--out", profile);
        CommandResult before = await CommandRunner.RunAsync("validate", folder.PathOf("held", "c"), "--out", folder.PathOf("before"));
        CommandResult after = await CommandRunner.RunAsync(
            "validate", folder.PathOf("held", "c"), "--out", folder.PathOf("after"), "--engine", profile, "--gpu", folder.PathOf("mine.gpu.yaml"));

        Assert.Equal((ExitCode.Success, ExitCode.Success, ExitCode.Success), (fitted.ExitCode, before.ExitCode, after.ExitCode));
        Assert.Contains("memory_efficiency", fitted.Output, StringComparison.Ordinal);
        Assert.Contains($"--engine {profile} --gpu", fitted.Output, StringComparison.Ordinal);
        Assert.All(["mine.yaml", "mine.gpu.yaml", "mine.constants.csv", "mine.residuals.csv", "mine.residuals.png", "mine.residuals.svg"], name =>
            Assert.True(new FileInfo(folder.PathOf(name)).Length > 0, name));
        Assert.True(TbtError(folder.PathOf("after")) < 0.05);
        Assert.True(TbtError(folder.PathOf("before")) > 2 * TbtError(folder.PathOf("after")));
        Assert.True(File.Exists(folder.PathOf("after", "predicted-against-measured.png")));
        Assert.Contains("record ", after.Output, StringComparison.Ordinal);

        // What is there is not overwritten.
        CommandResult again = await CommandRunner.RunAsync("calibrate", folder.PathOf("fit", "a"), "--out", profile);
        Assert.Equal(ExitCode.BadInput, again.ExitCode);
        Assert.Contains("a file that exists", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_KeepsFittedRunsApart_AndTakesTheTwinIntoTheReport()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r0"), Machine("llama-3.2-1b"), 1, 20, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r1"), Machine("llama-3.2-1b"), 2, 20, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("batch", "two_r0"), Machine("llama-2-7b"), 3, 20, 500, 0.1);
        folder.Write("half.txt", "# fitted\nbatch/one   # both repetitions\n");

        CommandResult result = await CommandRunner.RunAsync(
            "validate", folder.PathOf("batch"), "--fitted", folder.PathOf("half.txt"), "--out", folder.PathOf("out"), "--report", folder.PathOf("report"));

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Dictionary<string, string> points = File.ReadLines(folder.PathOf("out", ValidationFiles.Errors)).Select(line => line.Split(','))
            .Where(cells => cells[0] == "all" && cells[3] == "tbt").ToDictionary(cells => cells[2], cells => cells[4]);
        Assert.Equal(("2", "1"), (points["calibration"], points["validation"]));
        Assert.True(File.Exists(folder.PathOf("report", "artifacts", "twin-errors.csv")));
        Assert.False(File.Exists(folder.PathOf("report", "artifacts", "simulator-errors.csv")));
    }

    [Fact]
    public async Task Validate_RefusesAListThatNamesNoRun_AllLinesAtOnce()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("batch", "one_r0"), Machine("llama-3.2-1b"), 1, 20, 300, 0.1);
        folder.Write("bad.txt", "batch\nbatch/one/r0\n");
        folder.Write("absent.txt", "batch/one\nbatch/other\nload/one\n");

        CommandResult bad = await CommandRunner.RunAsync(
            "validate", folder.PathOf("batch"), "--fitted", folder.PathOf("bad.txt"), "--fitted", folder.PathOf("none.txt"), "--out", folder.PathOf("out"));
        CommandResult absent = await CommandRunner.RunAsync("validate", folder.PathOf("batch"), "--fitted", folder.PathOf("absent.txt"), "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (bad.ExitCode, absent.ExitCode));
        Assert.All(new[] { "bad.txt:1", "bad.txt:2", "none.txt" }, place => Assert.Contains(place, bad.Error, StringComparison.Ordinal));
        Assert.Contains("absent.txt:2", absent.Error, StringComparison.Ordinal);
        Assert.Contains("absent.txt:3", absent.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("absent.txt:1:", absent.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    private static double TbtError(string folder)
    {
        string[] row = File.ReadLines(Path.Combine(folder, ValidationFiles.Errors)).Select(line => line.Split(',')).First(cells => cells[0] == "all" && cells[3] == "tbt");
        return double.Parse(row[5], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static SimulatedSystem Machine(string model)
    {
        GpuDefinition gpu = GpuCatalog.Find("H100-80GB-SXM");
        EngineProfile engine = EngineCatalog.Find("greenserve");
        return new SimulatedSystem
        {
            Model = ModelCatalog.Read(model),
            GpuCount = 1,
            Gpu = gpu with { Bf16 = gpu.Bf16 with { MemoryEfficiency = 0.65 }, Power = gpu.Power with { MemoryWatts = 600 } },
            Engine = engine with { Costs = engine.Costs with { LayerSeconds = 80e-6, StepSeconds = 1.5e-3 } },
        };
    }
}
