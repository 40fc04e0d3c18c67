using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>Everything about a run that is not a table: <c>run.json</c>. Base units only.</summary>
public sealed record RunManifest
{
    /// <summary>The newest schema this build writes and reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of the record format.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Name of the workload.</summary>
    public required string WorkloadName { get; init; }

    /// <summary>The workload, canonical.</summary>
    public required JsonNode Workload { get; init; }

    /// <summary>SHA-256 of the canonical workload, in lower-case hexadecimal.</summary>
    public required string WorkloadSha256 { get; init; }

    /// <summary>Name of the model served.</summary>
    public required string Model { get; init; }

    /// <summary>The knobs as they were, not as they were asked for.</summary>
    public required Knobs Knobs { get; init; }

    /// <summary>Hardware and engine; <c>null</c> where a foreign server did not say.</summary>
    public ServingSystem? System { get; init; }

    /// <summary>Accelerators whose energy this record counts; <c>null</c> where not known.</summary>
    public int? GpusUsed { get; init; }

    /// <summary>What served the requests; <c>null</c> where a command put the load on the machine and no server was measured.</summary>
    [JsonConverter(typeof(RecordedBackend))]
    public required BackendKind? Backend { get; init; }

    /// <summary>Simulated or measured.</summary>
    public required EvidenceKind Evidence { get; init; }

    /// <summary>Where it ran.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Seed of the workload.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Wall-clock time of second 0; <c>null</c> in virtual time.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Length of the run (s); <c>null</c> until it ended.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Requests scheduled before this are warm-up (s) and enter no figure.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>Whether the load was a closed loop, and of how many users; <c>null</c> for an open loop.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Request classes of this workload.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>The SLO; <c>null</c> for none.</summary>
    public SloProfile? Slo { get; init; }

    /// <summary>What slowdown limits refer to; empty where the SLO has none.</summary>
    public IReadOnlyList<IsolatedLatency> Isolated { get; init; } = [];

    /// <summary>Every meter, read or not.</summary>
    public IReadOnlyList<MeterDescription> Meters { get; init; } = [];

    /// <summary>Power without load.</summary>
    public Baselines? Baselines { get; init; }

    /// <summary>The steady window, where the run fixed it; <c>null</c> leaves it to the analysis.</summary>
    public MeasurementWindow? Window { get; init; }

    /// <summary>How well the client kept up; <c>null</c> in virtual time.</summary>
    public ClientSelfCheck? Client { get; init; }

    /// <summary>Place in an experiment; <c>null</c> for a single run.</summary>
    public ExperimentPoint? Experiment { get; init; }

    /// <summary>Counts worth keeping, by the names that <see cref="RunCounter"/> lists. Names of other versions stay as they are.</summary>
    public IReadOnlyDictionary<string, double> Counters { get; init; } = new Dictionary<string, double>();

    /// <summary>The verdict.</summary>
    public required RunVerdict Verdict { get; init; }
}
