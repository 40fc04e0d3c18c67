using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Analysis;

/// <summary>A small grid of made-up but plausible runs for each artifact.</summary>
internal static class SyntheticGrids
{
    private static readonly SloProfile Slo = new()
    {
        Name = "made-up",
        Source = "made up for tests",
        Limits =
        [
            new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 0.6 }, new SloLimit { Metric = SloMetric.Tbt, LimitSeconds = 0.05 },
        ],
    };

    private static readonly Dictionary<string, (int Input, int Output)> Classes = RequestClass.All.ToDictionary(
        one => one.Name, one => (new[] { 128, 512, 4096 }[(int)one.Input], new[] { 50, 200, 400 }[(int)one.Output]));

    /// <summary>The artifacts whose runs are of simulated clusters.</summary>
    private static readonly string[] ClusterArtifacts =
    [
        "policies", "policy-day", "row-power", "carbon-sites", "temperatures", "splitwise-designs", "energy-quality", "policy-sensitivity",
        "phase-clocks", "adapters",
    ];

    private static readonly Dictionary<string, double> ClusterCounters = new()
    {
        [RunCounter.Replicas.Name] = 2,
        [RunCounter.TotalJoules.Name] = 9000,
        [RunCounter.IdleJoules.Name] = 1000,
        [RunCounter.UnusedJoules.Name] = 500,
        [ClusterCounter.TransitionJoules.Name] = 200,
        [ClusterCounter.OneSecondPeakWatts.Name] = 5000,
        [ClusterCounter.GpuOnSeconds.Name] = 30,
        [ClusterCounter.RowPeakRatio.Name] = 0.9,
        [ClusterCounter.RowOverBudgetSeconds.Name] = 2,
        [ClusterCounter.GpuPeakCelsius.Name] = 70,
        [ClusterCounter.TooHotSeconds.Name] = 0,
        [ClusterCounter.Co2eGrams.Name] = 3,
        [ClusterCounter.MeanQualityRatio.Name] = 0.6,
    };

    /// <summary>Every artifact's runs, without folders.</summary>
    internal static IEnumerable<SyntheticRun> Of(string artifact, int repetitions = 3, EvidenceKind evidence = EvidenceKind.Simulated)
    {
        IEnumerable<(string Name, JsonNode Value)[]> grid = artifact switch
        {
            "input-length" => Axis("input_tokens", 32, 128, 512, 2048, 8192),
            "output-length" => Axis("output_tokens", 16, 64, 256, 1024, 2048),
            "batch-size" => Axis("batch", 1, 4, 16, 64, 256),
            "tensor-parallelism" => Cross(Axis("tensor_parallelism", 1, 2, 4, 8), Names("load", "low", "medium", "high")),
            "gpu-clock" => Cross(Axis("gpu_clock_megahertz", 510, 800, 1200, 1600, 1980), Axis("batch", 1, 16, 64)),
            "clock-batch" => Cross(Axis("gpu_clock_megahertz", 800, 1200, 1400, 1600, 1980), Axis("batch", 1, 4, 16, 64)),
            "power-cap" => Axis("power_cap_watts", 350, 420, 490, 560, 630, 700),
            "precision" => Cross(Names("precision", "fp32", "bf16", "fp8", "int4"), Axis("batch", 1, 8, 64)),
            "model-size" => Names(
                "model", "llama-2-7b", "llama-2-13b", "llama-2-70b", "llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b", "falcon-180b"),
            "load" => Axis("requests_per_second", 1, 2, 4, 8, 16),
            "slo-heatmap" => Cross(Cross(Cross(Names("class", [.. Classes.Keys]), Axis("tensor_parallelism", 1, 2, 4, 8)),
                Axis("gpu_clock_megahertz", 800, 1200, 1400, 1600, 1980)), Names("load", "low", "medium", "high")),
            "slo-tightness" => Cross(
                Cross(Axis("tensor_parallelism", 2, 4, 8), Axis("gpu_clock_megahertz", 800, 1200, 1600, 1980)), Axis("batch", 1, 8, 32)),
            "energy-regression" => Cross(
                Cross(Axis("input_tokens", 32, 256, 2048), Axis("output_tokens", 16, 128, 512)),
                Names("model", "llama-2-7b", "llama-2-70b")),
            "splitwise-p50" => Cross(Names("gpu", "A100-80GB-SXM", "H100-80GB-SXM"), Names("workload", "coding", "conversation")),
            "adapters" => Cross(Names("policy", "adapters-cached", "chameleon"), Names("load", "low", "high")),
            "policies" => Cross(Names("policy", "dynamollm-single-pool", "dynamollm"), Names("load", "low", "medium")),
            "policy-day" or "row-power" or "carbon-sites" or "phase-clocks" => Names("policy", "top-clock", "polca"),
            "temperatures" => Cross(Names("policy", "top-clock", "tapas"), Names("variation", "power", "air")),
            "splitwise-designs" => Names("cluster", "baseline-h100", "splitwise-hh"),
            "energy-quality" => Cross(Axis("zeta", 0, 0.5, 1), Names("policy", "online", "without queue")),
            "policy-sensitivity" => Names("variation", "single-pool", "dynamollm"),
            _ => throw new ArgumentException($"no grid for {artifact}", nameof(artifact)),
        };
        return grid.SelectMany(point => Enumerable.Range(0, repetitions).Select(repetition => Run(artifact, point, repetition, evidence)));
    }

    private static SyntheticRun Run(string artifact, (string Name, JsonNode Value)[] point, int repetition, EvidenceKind evidence)
    {
        double Number(string name, double otherwise) =>
            point.FirstOrDefault(one => one.Name == name).Value?.GetValue<double>() ?? otherwise;
        string Text(string name, string otherwise) => point.FirstOrDefault(one => one.Name == name).Value?.GetValue<string>() ?? otherwise;
        (int Input, int Output) lengths = Classes.GetValueOrDefault(Text("class", ""), (512, 64));
        double tp = Number("tensor_parallelism", 8);
        double clock = Number("gpu_clock_megahertz", 1980) / 1980;
        double cap = Number("power_cap_watts", 700) / 700;
        int batch = (int)Number("batch", Text("load", "") switch
        {
            "low" => 1,
            "medium" => 8,
            "high" => 32,
            _ => Number("requests_per_second", 1) * 2,
        });
        double input = Number("input_tokens", lengths.Input);
        double size = Text("model", "llama-2-70b") switch
        {
            "llama-2-7b" => 0.1,
            "llama-2-13b" => 0.19,
            "llama-3.1-8b" => 0.11,
            "mixtral-8x7b" => 0.3,
            "falcon-180b" => 2.6,
            _ => 1,
        };
        double noise = 1 + (0.03 * (repetition - 1)) + (evidence == EvidenceKind.Measured ? 0.15 : 0);
        return new SyntheticRun
        {
            Artifact = artifact,
            Coordinates = point.ToDictionary(one => one.Name, one => (JsonNode?)one.Value),
            Repetition = repetition,
            Seed = (ulong)repetition + 1,
            Evidence = evidence,
            Batch = batch,
            Waves = batch == 1 ? 3 : 2,   // one request after the window opened is too few
            InputTokens = (int)input,
            OutputTokens = (int)Number("output_tokens", lengths.Output),
            PrefillSeconds = noise * (0.03 + (0.0003 * input * size / (tp / 8) / clock / cap)),
            StepSeconds = noise * (0.018 + (0.008 * size * (8 / tp)) + (0.0003 * batch)) * (0.9 + (0.1 / clock)),
            PrefillWatts = tp * 690 * cap,
            DecodeWatts = tp * ((100 + (250 * Math.Pow(clock, 2.4)) + (1.2 * batch)) * Math.Min(1, cap + 0.3)),
            Model = Text("model", "llama-2-70b"),
            Gpu = Text("gpu", "H100-80GB-SXM"),
            Workload = Text("workload", "synthetic"),
            Knobs = new Knobs { TensorParallelism = (int)tp },
            Slo = Slo,
            Counters = ClusterArtifacts.Contains(artifact) ? ClusterCounters : new Dictionary<string, double>(),
        };
    }

    private static IEnumerable<(string, JsonNode)[]> Axis(string name, params double[] values) =>
        values.Select(value => new[] { (name, (JsonNode)JsonValue.Create(value)) });

    private static IEnumerable<(string, JsonNode)[]> Names(string name, params string[] values) =>
        values.Select(value => new[] { (name, (JsonNode)JsonValue.Create(value)) });

    private static IEnumerable<(string, JsonNode)[]> Cross(
        IEnumerable<(string, JsonNode)[]> first, IEnumerable<(string, JsonNode)[]> second) =>
        from one in first from other in second select one.Concat(other).ToArray();
}
