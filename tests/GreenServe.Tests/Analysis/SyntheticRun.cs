using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Tests.Analysis;

/// <summary>
/// A run whose numbers are chosen, so that every metric has a closed form: waves of equal requests, each wave one prefill step
/// followed by equal decode steps, with constant power in either.
/// </summary>
internal sealed record SyntheticRun
{
    public int Batch { get; init; } = 1;

    public int Waves { get; init; } = 3;

    public int InputTokens { get; init; } = 512;

    public int OutputTokens { get; init; } = 11;

    public double PrefillSeconds { get; init; } = 0.5;

    public double StepSeconds { get; init; } = 0.1;

    public double PrefillWatts { get; init; } = 600;

    public double DecodeWatts { get; init; } = 300;

    public string Model { get; init; } = "llama-2-70b";

    public string Gpu { get; init; } = "H100-80GB-SXM";

    /// <summary>The host that was predicted for; <c>null</c> for none.</summary>
    public HostSpeed? Host { get; init; }

    public string Workload { get; init; } = "synthetic";

    public Knobs Knobs { get; init; } = new() { TensorParallelism = 1, Precision = Precision.Bf16 };

    public ulong Seed { get; init; } = 1;

    public int Repetition { get; init; }

    public EvidenceKind Evidence { get; init; } = EvidenceKind.Simulated;

    public SloProfile? Slo { get; init; }

    public string? Artifact { get; init; }

    /// <summary>Name of the experiment; <c>null</c> for that of the artifact.</summary>
    public string? Experiment { get; init; }

    public string WorkloadSha256 { get; init; } = new('0', 64);

    public IReadOnlyDictionary<string, JsonNode?> Coordinates { get; init; } = new Dictionary<string, JsonNode?>();

    public RunVerdict Verdict { get; init; } = RunVerdict.Valid;

    /// <summary>The policy that controlled the cluster; <c>null</c> for none.</summary>
    public ControlPolicy? Policy { get; init; }

    public IReadOnlyDictionary<string, double> Counters { get; init; } = new Dictionary<string, double>();

    /// <summary>What the numbers may be off by; <c>null</c> for none.</summary>
    public ErrorBands? ErrorBands { get; init; }

    /// <summary>Bands that differ in every metric, of which the power is extrapolated.</summary>
    public static ErrorBands SomeBands { get; } = new()
    {
        Source = "published points",
        Ttft = new ErrorBand { LowFactor = 0.6, HighFactor = 2 },
        Tbt = new ErrorBand { LowFactor = 0.9, HighFactor = 1.2 },
        Throughput = new ErrorBand { LowFactor = 0.8, HighFactor = 1.3 },
        Watts = new ErrorBand { LowFactor = 0.75, HighFactor = 1.25, Extrapolated = "no validation on this GPU" },
        JoulesPerToken = new ErrorBand { LowFactor = 0.7, HighFactor = 1.4 },
    };

    /// <summary>Length of a wave (s).</summary>
    public double WaveSeconds => PrefillSeconds + ((OutputTokens - 1) * StepSeconds);

    /// <summary>Energy of a wave (J).</summary>
    public double WaveJoules => (PrefillSeconds * PrefillWatts) + ((OutputTokens - 1) * StepSeconds * DecodeWatts);

    public RunManifest Manifest => new()
    {
        WorkloadName = Workload,
        Workload = new JsonObject { ["name"] = Workload },
        WorkloadSha256 = WorkloadSha256,
        Model = Model,
        Knobs = Knobs,
        System = new ServingSystem { Gpu = Gpu, GpuCount = 8, Engine = "synthetic-engine", Host = Host },
        HostScaling = Host is null ? null : $"scaled to {Host.Text}",
        GpusUsed = Knobs.TensorParallelism,
        Backend = BackendKind.Simulated,
        Evidence = Evidence,
        Environment = RunEnvironment.Virtual(),
        Seed = Seed,
        DurationSeconds = Waves * WaveSeconds,
        Concurrency = Batch,
        Slo = Slo,
        Baselines = new Baselines(80, 120, "synthetic"),
        Experiment = (Experiment ?? Artifact) is not { } experiment ? null : new ExperimentPoint
        {
            Experiment = experiment,
            Artifact = Artifact,
            Coordinates = Coordinates,
            Repetition = Repetition,
        },
        ErrorBands = ErrorBands,
        Policy = Policy,
        Counters = Counters,
        Verdict = Verdict,
    };

    public string Write(string folder)
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder, Manifest);
        string requestClass = Manifest.Classes.Classify(InputTokens, OutputTokens).Name;
        for (int wave = 0; wave < Waves; wave++)
        {
            double start = wave * WaveSeconds;
            writer.Add(new EngineStep(start, PrefillSeconds, Batch * InputTokens, 0, 0)
            {
                EnergyJoules = PrefillSeconds * PrefillWatts,
                PrefillEnergyJoules = PrefillSeconds * PrefillWatts,
            });
            for (int step = 0; step < OutputTokens - 1; step++)
            {
                double stepStart = start + PrefillSeconds + (step * StepSeconds);
                writer.Add(new EngineStep(stepStart, StepSeconds, 0, Batch, Batch * (InputTokens + step))
                {
                    EnergyJoules = StepSeconds * DecodeWatts,
                    PrefillEnergyJoules = 0,
                });
            }

            for (int member = 0; member < Batch; member++)
            {
                writer.Add(new RequestRecord(
                    (wave * Batch) + member, requestClass, start, start, start + PrefillSeconds, start + WaveSeconds,
                    InputTokens, InputTokens, OutputTokens, OutputTokens, RequestStatus.Completed)
                {
                    TbtP99Seconds = OutputTokens > 1 ? StepSeconds : null,
                    TbtMaxSeconds = OutputTokens > 1 ? StepSeconds : null,
                    EnergyJoules = WaveJoules / Batch,
                    PrefillEnergyJoules = PrefillSeconds * PrefillWatts / Batch,
                });
            }

            if (OutputTokens > 1)
            {
                writer.AddTokenGap(requestClass, StepSeconds, (long)Batch * (OutputTokens - 1));
            }
        }

        writer.Complete(manifest => manifest with { Verdict = Verdict });
        return folder;
    }

    public RunRecord WriteAndRead(string folder) => RunRecord.Read(Write(folder));
}
