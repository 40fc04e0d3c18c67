using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Analysis.Advising.Pages;

/// <summary>Made-up advices. Their numbers follow simple formulas that have the shape of real ones.</summary>
internal static class SyntheticAdvice
{
    internal const string Recommended = "2 x TP 4, 1605 MHz, batch 256, fp8";

    private const double MaxClockMegahertz = 1980;
    private static readonly int[] TensorParallelisms = [2, 4, 8];
    private static readonly double[] Clocks = [600, 810, 990, 1200, 1395, 1605, 1800, MaxClockMegahertz];
    private static readonly int[] Batches = [16, 64, 128, 256];
    private static readonly Precision[] Precisions = [Precision.Bf16, Precision.Fp8];

    /// <summary>An advice with everything that one can have.</summary>
    internal static AdviceDocument Full()
    {
        // By the formulas below, these are the candidates of least energy, in this order.
        AdvisedSetting[] least = [.. Grid().Where(setting => setting.IsFeasible).OrderBy(setting => setting.ObjectiveValue).Take(4)];
        AdvisedSetting best = least[0];
        AdvisedSetting[] finalists = [.. least.Select((setting, index) => setting with
        {
            Runs = 3,
            Requests = 3_000,
            LowJoulesPerOutputToken = 0.985 * setting.JoulesPerOutputToken,
            HighJoulesPerOutputToken = 1.015 * setting.JoulesPerOutputToken,
            LeastProbability = index == 0 ? 0.81 : 0.15 / (1 + (index * 4)),
            IsTied = index == 1,
            ExcessRatio = (setting.ObjectiveValue / best.ObjectiveValue) - 1,
        })];
        return Plain() with
        {
            Currency = "EUR",
            Finalists = [.. finalists.Select(Priced)],
            Cautious = Priced(Grid().Where(setting => setting.Limits.All(limit => limit.HighRatio <= 1))
                .MinBy(setting => setting.ObjectiveValue) is { } cautious
                    ? cautious with { ExcessRatio = (cautious.ObjectiveValue / best.ObjectiveValue) - 1 }
                    : throw new InvalidOperationException("A setting keeps the limits.")),
            Default = Priced(Setting(8, MaxClockMegahertz, 256, Precision.Bf16)),
            Tried = [.. Grid()],
            Sensitivities = Sensitivities(best),
            Relaxations =
            [
                new LimitRelaxation(SloMetric.Tbt, 99, null, 0.025, 1.25, 0.14, "2 x TP 4, 1395 MHz, batch 256, fp8"),
                new LimitRelaxation(SloMetric.Ttft, 99, ["SS", "SM", "SL"], null, 2, 0.031, "2 x TP 4, 1200 MHz, batch 256, fp8"),
            ],
            Edges =
            [
                new GridEdge("precision", "fp8", IsHighest: true, IsLimit: true),
                new GridEdge("max_batch", "128", IsHighest: true, IsLimit: false),
            ],
            Measured = [OfOneRun(Setting(4, 1800, 256, Precision.Fp8)) with { Evidence = EvidenceKind.Measured, ErrorBands = null }],
            Capacity = Capacity(),
            Commands =
            [
                new DeploymentSnippet(
                    "vLLM",
                    "bash",
                    "vllm serve meta-llama/Llama-2-70b-hf \\\n  --tensor-parallel-size 4 --max-num-seqs 128",
                    null,
                    ["Start it twice, on ports of their own."]),
                new DeploymentSnippet("GPU clock", "bash", "nvidia-smi -lgc 1200,1200", "nvidia-smi -rgc", []),
            ],
            Verification = Verification(best),
            Sentences =
            [
                $"{best.Words} serves the workload within the SLO for the fewest joules of the settings tried.",
                $"It is the least with a probability of 81 %; {least[1].Words} cannot be told apart from it.",
                "TPOT p99 is nearest to its limit.",
            ],
            Warnings = ["The twin was never compared with measurements at fp8: treat the band as a guess."],
        };
    }

    /// <summary>An advice with one candidate and nothing else: no SLO, no price, no error band, no comparison.</summary>
    internal static AdviceDocument Plain()
    {
        AdvisedSetting only = Setting(4, 1200, 128, Precision.Fp8);
        return new AdviceDocument
        {
            WorkloadName = "chat",
            Workload = JsonNode.Parse("""{"name":"chat","seed":1,"arrival":{"process":"poisson","requests_per_second":6}}""")!,
            WorkloadChanges = ["The workload was made longer, so that 1,000 requests stand behind each finalist."],
            Slo = new SloProfile
            {
                Name = "chat-slo",
                Source = "made up",
                Limits =
                [
                    new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 0.4, Classes = ["SS", "SM", "SL"] },
                    new SloLimit { Metric = SloMetric.Tpot, LimitSeconds = 0.1 },
                ],
            },
            Objective = AdviceObjective.Joules,
            GpuLimit = 8,
            Search = new AdviceSearch
            {
                Axes =
                [
                    new SearchedAxis("tensor_parallelism", ["2", "4", "8"]),
                    new SearchedAxis("gpu_clock_megahertz", [.. Clocks.Select(clock => $"{Text(clock)} MHz")]),
                    new SearchedAxis("max_batch", [.. Batches.Select(batch => Text(batch))]),
                    new SearchedAxis("precision", ["bf16", "fp8"]),
                ],
                Settings = 192,
                Possible = 176,
                Simulated = 64,
                Simulations = 96,
                SimulatedRequests = 41_000,
                Seconds = 12.4,
                IsExact = false,
                Refused = [new RefusedSettings("the weights do not fit into the memory of 2 x H100-80GB-SXM", 16)],
            },
            Finalists = [only],
        };
    }

    /// <summary>A setting with numbers that follow from its knobs.</summary>
    internal static AdvisedSetting Setting(int tensorParallelism, double clock, int batch, Precision precision)
    {
        bool isSmall = precision == Precision.Fp8;
        double speed = clock / MaxClockMegahertz;
        double joules = ((0.35 / speed) + (0.5 * Math.Pow(speed, 1.5))) * (1 + (0.02 * tensorParallelism)) * (1 + (10.0 / batch))
            * (isSmall ? 0.72 : 1);
        double slowness = (0.3 + (0.7 / speed)) * Math.Pow(4.0 / tensorParallelism, 0.6) * (isSmall ? 0.75 : 1);
        LimitMargin[] limits =
        [
            Limit(SloMetric.Ttft, 0.4, 0.16 * slowness * (1 + (8.0 / batch)), ["SS", "SM", "SL"]),
            Limit(SloMetric.Tpot, 0.1, 0.06 * slowness * (1 + (batch / 350.0)), null),
        ];
        return new AdvisedSetting
        {
            Setting = new ServingSetting
            {
                Gpu = "H100-80GB-SXM",
                Engine = "vllm-0.6",
                Model = "llama-2-70b",
                Replicas = 8 / tensorParallelism,
                Knobs = new Knobs
                {
                    TensorParallelism = tensorParallelism,
                    GpuClockMegahertz = clock,
                    MaxBatch = batch,
                    Precision = precision,
                },
            },
            Words = $"{8 / tensorParallelism} x TP {tensorParallelism}, {Text(clock)} MHz, batch {batch}{(isSmall ? ", fp8" : "")}",
            Evidence = EvidenceKind.Simulated,
            Runs = 3,
            Requests = 3_000,
            MeetsSlo = limits.All(limit => limit.Ratio <= 1),
            JoulesPerOutputToken = joules,
            LowJoulesPerOutputToken = 0.985 * joules,
            HighJoulesPerOutputToken = 1.015 * joules,
            JoulesPerRequest = 200 * joules,
            MeanWatts = 1_200 * joules,
            OutputTokensPerSecond = 1_200,
            RequestsPerSecond = 6,
            ObjectiveValue = joules,
            Limits = limits,
            ErrorBands = new ErrorBands
            {
                Source = "published points",
                JoulesPerToken = new ErrorBand { LowFactor = 0.84, HighFactor = 1.21 },
            },
            QualityNote = isSmall ? "fp8 weights: answers lose about 0.3 points of a public benchmark." : null,
        };
    }

    private static LimitMargin Limit(SloMetric metric, double limitSeconds, double foundSeconds, IReadOnlyList<string>? classes) => new()
    {
        Metric = metric,
        Percentile = 99,
        Classes = classes,
        LimitSeconds = limitSeconds,
        FoundSeconds = foundSeconds,
        Ratio = foundSeconds / limitSeconds,
        Samples = 3_000,
        LowRatio = 0.8 * foundSeconds / limitSeconds,
        HighRatio = 1.3 * foundSeconds / limitSeconds,
    };

    private static IEnumerable<AdvisedSetting> Grid() =>
        from tensorParallelism in TensorParallelisms
        from clock in Clocks
        from batch in Batches
        from precision in Precisions
        select OfOneRun(Setting(tensorParallelism, clock, batch, precision)) with { Requests = 400 };

    private static AdvisedSetting OfOneRun(AdvisedSetting setting) => setting with
    {
        Runs = 1,
        LowJoulesPerOutputToken = null,
        HighJoulesPerOutputToken = null,
    };

    private static AdvisedSetting Priced(AdvisedSetting setting) => setting with
    {
        CostPerMillionTokens = 2.5 + setting.JoulesPerOutputToken,
        GramsPerMillionTokens = 100 * setting.JoulesPerOutputToken,
    };

    private static KnobSensitivity[] Sensitivities(AdvisedSetting best)
    {
        KnobEffect Effect(string value, AdvisedSetting setting, string unit = "") => new(
            value + unit, (setting.ObjectiveValue / best.ObjectiveValue) - 1, setting.IsFeasible, setting.Setting == best.Setting,
            setting.WorstRatio);
        (double clock, int batch) = (best.Setting.Knobs.GpuClockMegahertz!.Value, best.Setting.Knobs.MaxBatch!.Value);
        return
        [
            new("precision", [.. Precisions.Select(one => Effect(one.ToString().ToLowerInvariant(), Setting(4, clock, batch, one)))]),
            new("gpu_clock_megahertz", [.. Clocks.Select(one => Effect(Text(one), Setting(4, one, batch, Precision.Fp8), " MHz"))]),
            new("max_batch", [.. Batches.Select(one => Effect(Text(one), Setting(4, clock, one, Precision.Fp8)))]),
            new("tensor_parallelism", [.. TensorParallelisms.Select(one => Effect(Text(one), Setting(one, clock, batch, Precision.Fp8)))]),
        ];
    }

    private static AdviceCapacity Capacity()
    {
        FleetPlan Plan(int gpus, double joules, bool meets, string? policy = null) => new()
        {
            Setting = Setting(4, 1200, 128, Precision.Fp8).Setting with { Replicas = gpus / 4 },
            Words = $"{gpus / 4} x TP 4, 1200 MHz",
            Policy = policy,
            Gpus = gpus,
            MeetsSlo = meets,
            JoulesPerOutputToken = joules,
            MeanWatts = 1_000 * joules,
            WorstRatio = meets ? 0.9 : 1.4,
            Requests = 1_000,
        };
        FleetPlan[] plans = [Plan(4, 0.7, meets: false), Plan(8, 0.74, meets: true), Plan(8, 0.69, meets: true, "dynamollm")];
        return new AdviceCapacity
        {
            FewestGpus = plans[1],
            FewestJoules = plans[2],
            FleetGpus = 8,
            Plans = plans,
            HighestLoadFactor = 1.5,
            LowestMissedLoadFactor = 1.6,
            PowerBudgets =
            [
                new PowerBudgetEffect
                {
                    BudgetRatio = 1,
                    BudgetWatts = 5_600,
                    Setting = "2 x TP 4, 1980 MHz",
                    GoodputRequestsPerSecond = 8.1,
                    GoodputRatio = 1,
                    MeanWatts = 4_900,
                    SettingAtCapacity = "2 x TP 4, 1980 MHz",
                    HighestLoadFactor = 1.5,
                    GoodputAtCapacityRequestsPerSecond = 12.1,
                    GoodputAtCapacityRatio = 1,
                },
                new PowerBudgetEffect { BudgetRatio = 0.357, BudgetWatts = 2_000 },
            ],
        };
    }

    private static AdviceVerification Verification(AdvisedSetting best)
    {
        AdvisedSetting measured = best with
        {
            Evidence = EvidenceKind.Measured,
            JoulesPerOutputToken = 1.1 * best.JoulesPerOutputToken,
            ErrorBands = null,
        };
        return new AdviceVerification
        {
            Settings = [new VerifiedSetting(best, measured, "verification/1", 0.1, true)],
            Stood = true,
            Finding = "The advice stood: the recommended setting is the least of those measured.",
            NotMeasured = ["2 x TP 4, 1395 MHz, batch 128, fp8: the server cannot change its batch limit"],
        };
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
