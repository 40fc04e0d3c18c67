using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Benches;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Lengths;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Search.Benches;

/// <summary>The simulated engine in the place of a running server. A clock that does not run by itself is moved on by each load.</summary>
internal sealed class VirtualServer : IPointRunner
{
    private readonly IPointRunner simulator;

    internal VirtualServer() => simulator = PointRunner.Open(Options);

    /// <summary>Batches of two sequences, so that the capacity is low and a bench takes few requests.</summary>
    internal static OperatingPoint Point(string? slo = null) => OperatingPoint.Of(
        new Workload
        {
            Name = "bench",
            Purpose = "a test",
            Source = "this test",
            Model = "llama-2-7b",
            Slo = slo is null ? null : SloCatalog.Read(slo),
            Arrival = new ClosedLoopArrival { Concurrency = 1 },
            Lengths = new IndependentLengths { Input = new FixedLength { Tokens = 256 }, Output = new FixedLength { Tokens = 64 } },
            Requests = 1,
        },
        new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 1, Engine = "vllm-0.11" },
        new Knobs { TensorParallelism = 1, MaxBatch = 2 });

    internal PointRunnerOptions Options { get; } = new() { Backend = BackendKind.Simulated };

    internal FakeTimeProvider Clock { get; } = new();

    /// <summary>The points that were run, in order.</summary>
    internal List<OperatingPoint> Ran { get; } = [];

    /// <summary>Called before each point runs.</summary>
    internal Action<OperatingPoint> OnRun { get; init; } = _ => { };

    /// <summary>The point that is really served, for a server that was swapped.</summary>
    internal Func<OperatingPoint, OperatingPoint> Served { get; init; } = point => point;

    public bool RunsConcurrently => false;

    public IReadOnlyList<Problem> Check(OperatingPoint point) => simulator.Check(point);

    public async Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        OnRun(point);
        cancellationToken.ThrowIfCancellationRequested();
        Ran.Add(point);
        RunRecord record = await simulator.RunAsync(Served(point), folder, cancellationToken);
        Clock.Advance(TimeSpan.FromSeconds(record.Manifest.DurationSeconds ?? 0));
        return record;
    }

    public ValueTask DisposeAsync() => simulator.DisposeAsync();

    internal Task<BenchResult> BenchAsync(BenchPlan plan, string folder, CancellationToken cancellationToken = default) =>
        new ServerBench(this, Options, plan, folder, Clock).RunAsync(cancellationToken);
}
