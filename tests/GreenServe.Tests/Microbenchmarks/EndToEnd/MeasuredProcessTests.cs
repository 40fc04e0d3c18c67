using GreenServe.Microbenchmarks.EndToEnd;

namespace GreenServe.Tests.Microbenchmarks.EndToEnd;

/// <summary>A process that is measured from outside.</summary>
public sealed class MeasuredProcessTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "greenserve.dll");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Run_MeasuresTimeAndMemory_OfAProcessThatEndsWell()
    {
        CommandCost cost = await RunAsync("--version");

        Assert.Null(cost.NotMeasured);
        Assert.True(cost.WallSeconds > 0, $"{cost}");
        Assert.True(cost.UserSeconds > 0, $"{cost}");

        // A runtime with its libraries takes some 50 MB.
        Assert.InRange(cost.PeakBytes!.Value, 10_000_000, 1_000_000_000);
        Assert.Null(cost.WrittenBytes);
    }

    [Fact]
    public async Task Run_SaysWhyNothingWasMeasured_WhenTheProcessFails()
    {
        CommandCost cost = await RunAsync("--no-such-option");

        Assert.Null(cost.WallSeconds);
        Assert.StartsWith("exit code 2: Required command", cost.NotMeasured, StringComparison.Ordinal);
    }

    private static Task<CommandCost> RunAsync(string argument) => MeasuredProcess.RunAsync(
        "dotnet", new PlannedCommand("greenserve", null, [Program, argument]), Limit, TimeProvider.System, CancellationToken.None);
}
