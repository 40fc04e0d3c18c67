using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Search.Advising.Findings;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Search.Advising.Findings;

/// <summary>
/// A grid of tensor parallelism 1, 2, 4 and a GPU clock of 1200, 1500 and 1980 MHz, with runs whose numbers are chosen.
/// </summary>
internal static class AdviceCase
{
    internal static readonly double[] Clocks = [1200, 1500, 1980];

    internal static readonly int[] Degrees = [1, 2, 4];

    private static readonly Lazy<RunMetrics> Run = new(() =>
    {
        using TemporaryFolder folder = new();
        return RunMetrics.Of(new SyntheticRun().WriteAndRead(Path.Combine(folder.Root, "run")));
    });

    private static SloLimit OneSecond { get; } = new() { Metric = SloMetric.Ttft, LimitSeconds = 1 };

    internal static ServingSetting Start { get; } = new() { Gpu = "H100-80GB-SXM", Engine = "vllm-0.11", Model = "llama-2-7b" };

    internal static SettingSpace Space { get; } = new(Start,
    [
        new SettingAxis("tensor_parallelism", [.. Degrees.Select(degree => Value($"TP {degree}", new() { TensorParallelism = degree }))])
        {
            IsLowestLimit = true,
        },
        new SettingAxis("gpu_clock_megahertz", [.. Clocks.Select(clock => Value($"{clock} MHz", new() { GpuClockMegahertz = clock }))])
        {
            IsHighestLimit = true,
        },
    ]);

    /// <summary>The number of a setting in <see cref="Space"/>.</summary>
    internal static long Number(int degree, double clock) => Space.NumberOf([Array.IndexOf(Degrees, degree), Array.IndexOf(Clocks, clock)]);

    /// <summary>A run with a chosen energy and TTFT, of a limit of 1 s at P99.</summary>
    internal static RunMetrics RunOf(
        double joulesPerToken, double ttftSeconds = 0.5, ulong seed = 1, ErrorBands? bands = null, RunVerdict? verdict = null) =>
        Run.Value with
        {
            Manifest = Run.Value.Manifest with { Seed = seed, ErrorBands = bands },
            JoulesPerOutputToken = Reading.Of(joulesPerToken),
            Slo = new SloOutcome
            {
                Profile = "one second",
                Limits = [new SloLimitResult(OneSecond, Samples: 500, ttftSeconds, NotTestedReason: null)],
                DecidedRequests = 500,
                WithinRequests = 500,
                UndecidedRequests = 0,
                Goodput = Reading.Of(1),
            },
            Verdict = verdict ?? RunVerdict.Valid,
        };

    /// <summary>Two runs with a chosen mean energy and TTFT.</summary>
    internal static IReadOnlyList<RunMetrics> RunsOf(double joulesPerToken, double ttftSeconds = 0.5, ErrorBands? bands = null) =>
    [
        RunOf(joulesPerToken * 0.9, ttftSeconds, seed: 1, bands), RunOf(joulesPerToken * 1.1, ttftSeconds, seed: 2, bands),
    ];

    internal static AdviceEvidence EvidenceOf(
        IReadOnlyDictionary<long, IReadOnlyList<RunMetrics>> runs, IReadOnlyList<long> finalists) => new()
        {
            Space = Space,
            Objective = AdviceObjective.Joules,
            Runs = runs,
            Finalists = finalists,
            SystemOf = SystemOf,
        };

    internal static SimulatedSystem SystemOf(ServingSetting setting) => SimulatedSystem.For(
        new ServingSystem { Gpu = setting.Gpu, Engine = setting.Engine, GpuCount = 8 }, ModelCatalog.Read(setting.Model), setting.Knobs);

    /// <summary>A value that sets the tensor parallelism or the clock.</summary>
    private static SettingValue Value(string words, Knobs knobs) => new(words, setting => setting with
    {
        Knobs = setting.Knobs with
        {
            TensorParallelism = knobs.TensorParallelism ?? setting.Knobs.TensorParallelism,
            GpuClockMegahertz = knobs.GpuClockMegahertz ?? setting.Knobs.GpuClockMegahertz,
        },
    });

    /// <summary>An advice of which nothing is known yet.</summary>
    internal static AdviceDocument Empty { get; } = new()
    {
        WorkloadName = "chat",
        Workload = new System.Text.Json.Nodes.JsonObject(),
        Objective = AdviceObjective.Joules,
        GpuLimit = 4,
        Search = new AdviceSearch
        {
            Axes = [],
            Settings = 9,
            Possible = 9,
            Simulated = 9,
            Simulations = 18,
            SimulatedRequests = 9000,
            Seconds = 1,
            IsExact = true,
        },
        Finalists = [],
    };
}
