using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Running;
using GreenServe.Tests.Records.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class PointSweepTests
{
    private static readonly OperatingPoint[] Points =
    [
        .. new[] { "a", "b", "c" }.Select(name => OperatingPoint.Of(
            WorkloadCatalog.Read("fixed-512-128"), new ServingSystem { Gpu = "g", GpuCount = 1, Engine = "e" }) with { Id = name }),
    ];

    [Fact]
    public async Task RunAsync_RunsTheOthers_WhenOnePointCannotRun()
    {
        ScriptedRunner runner = new() { Missing = "b" };
        List<string> told = [];

        IReadOnlyDictionary<string, RunVerdict> verdicts = await new PointSweep(runner, "runs")
            .RunAsync(Points, new ParallelOptions(), (point, result) => told.Add($"{point.Id} {result}"));

        Assert.Equal(["a", "c"], verdicts.Keys.Order());
        Assert.Contains("b not run: no device", told);
        Assert.Equal(3, told.Count);
    }

    [Fact]
    public async Task RunAsync_RunsMeasuredPointsAlone_InTheOrderOfTheRunner()
    {
        ScriptedRunner runner = new();

        await new PointSweep(runner, "runs").RunAsync(Points, new ParallelOptions { MaxDegreeOfParallelism = 3 }, (_, _) => { });

        Assert.Equal(["c", "b", "a"], runner.Ran);
        Assert.Equal(1, runner.MaxAtOnce);
    }

    [Fact]
    public async Task RunAsync_RunsNoFurtherPoint_WhenItIsStopped()
    {
        using CancellationTokenSource stop = new();
        ScriptedRunner runner = new() { OnRun = stop.Cancel };

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => new PointSweep(runner, "runs").RunAsync(Points, new ParallelOptions { CancellationToken = stop.Token }, (_, _) => { }));

        Assert.Equal(["c"], runner.Ran);
    }

    private sealed class ScriptedRunner : IPointRunner
    {
        private int atOnce;

        public bool RunsConcurrently => false;

        internal string? Missing { get; init; }

        internal Action? OnRun { get; init; }

        internal List<string> Ran { get; } = [];

        internal int MaxAtOnce { get; private set; }

        public IReadOnlyList<Problem> Check(OperatingPoint point) => [];

        public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => [.. points.Reverse()];

        public async Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
        {
            MaxAtOnce = Math.Max(MaxAtOnce, ++atOnce);
            Ran.Add(point.Id);
            OnRun?.Invoke();
            await Task.Yield();
            atOnce--;
            return point.Id == Missing
                ? throw new UnavailableException("no device")
                : RunRecord.Of(folder, SmallRun.Manifest(), kept: null, requests: 0);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
