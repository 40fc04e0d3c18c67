using System.Globalization;
using GreenServe.Records;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Simulation;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Cli.Commands.Records;

/// <summary><c>calibrate</c> as a user runs it: fitted to some records, compared with others through <c>validate</c>.</summary>
public sealed class CalibrateCommandTests
{
    [Fact]
    public async Task Calibrate_ComesCloser_WhenRecordsWereNotFittedTo()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("fit", "a"), Machine("llama-3.2-1b"), 1, 40, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("fit", "b"), Machine("llama-2-13b"), 2, 40, 900, 0.15);
        EngineLikeRecords.Write(folder.PathOf("held", "c"), Machine("llama-2-7b"), 3, 40, 500, 0.1);
        string profile = folder.PathOf("mine.yaml");

        CommandResult fitted = await CommandRunner.RunAsync(
            "calibrate", folder.PathOf("fit", "a"), folder.PathOf("fit", "b"), "--out", profile);
        CommandResult before = await CommandRunner.RunAsync("validate", folder.PathOf("held", "c"), "--out", folder.PathOf("before"));
        CommandResult after = await CommandRunner.RunAsync(
            "validate", folder.PathOf("held", "c"), "--out", folder.PathOf("after"),
            "--engine", profile, "--gpu", folder.PathOf("mine.gpu.yaml"));

        Assert.Equal(
            (ExitCode.Success, ExitCode.Success, ExitCode.Success), (fitted.ExitCode, before.ExitCode, after.ExitCode));
        Assert.Contains("memory_efficiency", fitted.Output, StringComparison.Ordinal);
        Assert.Contains($"--engine {profile} --gpu", fitted.Output, StringComparison.Ordinal);
        string[] written =
        [
            "mine.yaml", "mine.gpu.yaml", "mine.constants.csv", "mine.residuals.csv", "mine.residuals.png", "mine.residuals.svg",
        ];
        Assert.All(written, name => Assert.True(new FileInfo(folder.PathOf(name)).Length > 0, name));
        Assert.True(TbtError(folder.PathOf("after")) < 0.05);
        Assert.True(TbtError(folder.PathOf("before")) > 2 * TbtError(folder.PathOf("after")));
        Assert.True(File.Exists(folder.PathOf("after", "predicted-against-measured.png")));
        Assert.Contains("record ", after.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_LeavesAProfileThatKnowsItsRuns()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("fit", "a"), Machine("llama-3.2-1b"), 1, 20, 300, 0.1);
        EngineLikeRecords.Write(folder.PathOf("later", "b"), Machine("llama-3.2-1b"), 2, 20, 300, 0.2);
        string profile = folder.PathOf("mine.yaml");

        CommandResult fitted = await CommandRunner.RunAsync("calibrate", folder.PathOf("fit", "a"), "--out", profile);
        CommandResult compared = await CommandRunner.RunAsync(
            "validate", folder.PathOf("fit", "a"), folder.PathOf("later", "b"), "--out", folder.PathOf("out"),
            "--engine", profile, "--gpu", folder.PathOf("mine.gpu.yaml"));

        Assert.Equal((ExitCode.Success, ExitCode.Success), (fitted.ExitCode, compared.ExitCode));
        Assert.Contains("note: no error bands: 0 operating points held out", fitted.Output, StringComparison.Ordinal);
        string[] lines = compared.Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.EndsWith("  fitted", lines.Single(line => line.StartsWith("a ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("fitted", lines.Single(line => line.StartsWith("b ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("No bands.yaml: fewer than 3 operating points that no constant was fitted to.", lines);
        Assert.False(File.Exists(folder.PathOf("out", "bands.yaml")));
    }

    [Fact]
    public async Task Calibrate_KeepsTheFile_WhenItsNameIsTaken()
    {
        using TemporaryFolder folder = new();
        EngineLikeRecords.Write(folder.PathOf("fit", "a"), Machine("llama-3.2-1b"), 1, 40, 300, 0.1);
        string profile = folder.Write("mine.yaml", "mine");

        CommandResult result = await CommandRunner.RunAsync("calibrate", folder.PathOf("fit", "a"), "--out", profile);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("a file that exists", result.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(profile));
    }

    [Fact]
    public async Task Calibrate_NamesTheSplit_WhenAllPointsAreMarkedForValidation()
    {
        using TemporaryFolder folder = new();
        string rows = string.Concat(new[] { 1, 8, 32, 64 }.Select(users =>
            $"{users},mine,validation,H100-SXM,llama-3.1-8b,bf16,1,concurrency {users},100,20,,vLLM 2025,,7.5,,,\n"));
        string points = folder.Write("points.csv", $"{string.Join(',', PointsFile.Columns)}\n{rows}");

        CommandResult result = await CommandRunner.RunAsync("calibrate", points, "--out", folder.PathOf("mine.yaml"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("split: got 0 operating points to fit to, and 4 marked validation", result.Error, StringComparison.Ordinal);
    }

    private static double TbtError(string folder)
    {
        string[] row = File.ReadLines(Path.Combine(folder, ValidationFiles.Errors))
            .Select(line => line.Split(','))
            .First(cells => cells[0] == "all" && cells[3] == "tbt");
        return double.Parse(row[5], CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A machine whose constants differ from those of the catalogs, so that a calibration has something to find. Its records are written
    /// by <see cref="EngineLikeRecords"/>.
    /// </summary>
    internal static SimulatedSystem Machine(string model)
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
