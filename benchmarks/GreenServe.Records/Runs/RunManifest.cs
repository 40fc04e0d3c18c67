using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>The content of <c>run.json</c>: everything about a run that is not a table. All numbers are in base units.</summary>
public sealed record RunManifest : IChecked
{
    /// <summary>The newest version of the record format that this build writes and reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of the record format.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Name of the workload.</summary>
    public required string WorkloadName { get; init; }

    /// <summary>The workload as canonical JSON.</summary>
    public required JsonNode Workload { get; init; }

    /// <summary>SHA-256 of the canonical workload, in lower-case hexadecimal.</summary>
    public required string WorkloadSha256 { get; init; }

    /// <summary>Name of the model served.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The knobs as they were during the run, which may differ from those asked for. In a simulated cluster they are those of the first
    /// server before the run. <see cref="Notes"/> and <see cref="ControlPolicy.ChangedKnobs"/> say which others were used.
    /// </summary>
    public required Knobs Knobs { get; init; }

    /// <summary>The hardware and engine that served; <c>null</c> where a foreign server did not say.</summary>
    public ServingSystem? System { get; init; }

    /// <summary>The policy that controlled the simulated cluster; <c>null</c> where nothing did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ControlPolicy? Policy { get; init; }

    /// <summary>Accelerators whose energy this record counts; <c>null</c> where not known.</summary>
    [Range(0, 1_000_000)]
    public int? GpusUsed { get; init; }

    /// <summary>What served the requests; <c>null</c> where a command put the load on the machine and no server was measured.</summary>
    [JsonConverter(typeof(RecordedBackend))]
    public required BackendKind? Backend { get; init; }

    /// <summary>Whether the numbers are simulated or measured.</summary>
    public required EvidenceKind Evidence { get; init; }

    /// <summary>The host, the server and the suite's version.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Seed of the repetition: the workload's seed plus the number of the repetition.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Wall-clock time at the start of the run; <c>null</c> in virtual time.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Length of the run (s); <c>null</c> while it runs.</summary>
    [Range(0, double.MaxValue)]
    public double? DurationSeconds { get; init; }

    /// <summary>Length of the warm-up (s). Requests scheduled in it enter no figure.</summary>
    [Range(0, double.MaxValue)]
    public double WarmUpSeconds { get; init; }

    /// <summary>Users of a closed loop; <c>null</c> for an open loop.</summary>
    [Range(1, int.MaxValue)]
    public int? Concurrency { get; init; }

    /// <summary>
    /// Number of sessions where the number of their turns varies, as in a dataset; <c>null</c> where it does not, or where there are none.
    /// </summary>
    [Range(1, int.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Sessions { get; init; }

    /// <summary>The cuts between the request classes of this workload.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>The latency limits of the workload; <c>null</c> for none.</summary>
    public SloProfile? Slo { get; init; }

    /// <summary>Latencies that the SLO's slowdown limits are multiples of; empty where the SLO has no such limits.</summary>
    public IReadOnlyList<IsolatedLatency> Isolated { get; init; } = [];

    /// <summary>Every meter of the run, whether it was read or not.</summary>
    public IReadOnlyList<MeterDescription> Meters { get; init; } = [];

    /// <summary>Power of the accelerators without load; <c>null</c> where none was measured.</summary>
    public Baselines? Baselines { get; init; }

    /// <summary>The steady window, where the run fixed it; <c>null</c> means that the analysis chooses it.</summary>
    public MeasurementWindow? Window { get; init; }

    /// <summary>How well the client kept up; <c>null</c> in virtual time.</summary>
    public ClientSelfCheck? Client { get; init; }

    /// <summary>The place of the run in an experiment; <c>null</c> for a single run.</summary>
    public ExperimentPoint? Experiment { get; init; }

    /// <summary>
    /// Further counts, by the names that <see cref="RunCounter"/> lists. Names that other versions wrote are kept.
    /// </summary>
    public IReadOnlyDictionary<string, double> Counters { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// What a reader must know of how the inputs were read, one sentence each, for example the unit of a trace's timestamps; usually empty.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the simulated numbers may be off by; <c>null</c> for a measured run and in records of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorBands? ErrorBands { get; init; }

    /// <summary>
    /// How the host work of a simulated engine was scaled to the host that was predicted for, from what to what, or why it was not;
    /// <c>null</c> where no host was named.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HostScaling { get; init; }

    /// <summary>
    /// Everything that defines the run besides its workload, as it was asked for: seed, knobs, system, server, load and the like. A sweep
    /// that is resumed keeps a point only if this is equal. It is <c>null</c> in records of earlier versions and of other commands.
    /// </summary>
    public JsonNode? Definition { get; init; }

    /// <summary>
    /// The size of each table at the end of the run, by its file; <c>null</c> until then, and in records of earlier versions.
    /// </summary>
    public IReadOnlyDictionary<string, TableSize>? Tables { get; init; }

    /// <summary>Whether the run is VALID, or every reason why it is not.</summary>
    public required RunVerdict Verdict { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Workload is not JsonObject)
        {
            yield return new Problem("$.workload", Workload.ToJsonString(), "a mapping (key: value)");
        }
    }
}
