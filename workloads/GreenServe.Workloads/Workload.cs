using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Catalogs;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Traces;
using GreenServe.Workloads.Traits;

namespace GreenServe.Workloads;

/// <summary>What is asked of a server: arrivals, lengths, prompt sharing, model, SLO and seed.</summary>
/// <remarks>Files: <c>*.workload.yaml</c>, read by <see cref="WorkloadFile"/> and <see cref="WorkloadCatalog"/>.</remarks>
public sealed record Workload : IChecked
{
    /// <summary>Name: letters, digits, dots, dashes and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>What the workload is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Source of the numbers, and whether that source was read or is second-hand.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The model: a name or alias of the model catalog, the path of a model file, or (for a foreign server) the server's own name.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>The SLO: a name of the SLO catalog, the path of an SLO file, or the profile itself; <c>null</c> for none.</summary>
    [ByName]
    public SloProfile? Slo { get; init; }

    /// <summary>The cuts at which medium and long inputs and outputs begin.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>When requests arrive.</summary>
    public required ArrivalProcess Arrival { get; init; }

    /// <summary>How long inputs and outputs are.</summary>
    public required LengthModel Lengths { get; init; }

    /// <summary>The trace that arrivals or lengths of kind trace use; <c>null</c> for none.</summary>
    public TraceSource? Trace { get; init; }

    /// <summary>The dataset that prompts come from; <c>null</c> for generated prompts of the wanted lengths.</summary>
    /// <remarks>It is left out of the canonical JSON when absent, so that workloads without it keep their SHA-256.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DatasetSource? Dataset { get; init; }

    /// <summary>How much of their prompts requests share; <c>null</c> makes every prompt unique.</summary>
    public PrefixSharing? PrefixSharing { get; init; }

    /// <summary>
    /// Conversations of several turns. Input lengths are then those of each turn, in addition to its history. In an open loop a
    /// conversation arrives with its first turn, and each other turn follows the one before it. Where it is <c>null</c>, each request
    /// stands alone, or is a turn of the dataset's conversations.
    /// </summary>
    /// <remarks>It is left out of the canonical JSON when absent, so that workloads without it keep their SHA-256.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Sessions? Sessions { get; init; }

    /// <summary>How requests share themselves out among priorities; <c>null</c> for requests without a priority.</summary>
    /// <remarks>It is left out of the canonical JSON when absent, so that workloads without it keep their SHA-256.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PriorityShares? Priorities { get; init; }

    /// <summary>The adapters (LoRA) that requests need; <c>null</c> for requests to the model alone.</summary>
    /// <remarks>It is left out of the canonical JSON when absent, so that workloads without it keep their SHA-256.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AdapterPopulation? Adapters { get; init; }

    /// <summary>
    /// Number of requests; <c>null</c> means that <see cref="DurationSeconds"/>, the stages or the trace end the workload.
    /// </summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxRequests"/>.</value>
    [Range(1, RequestLimits.MaxRequests)]
    public int? Requests { get; init; }

    /// <summary>Offset in seconds from which on no request is sent; <c>null</c> for no limit.</summary>
    /// <value>Above 0, at most 10000000.</value>
    [Range(0, 10_000_000, MinimumIsExclusive = true)]
    public double? DurationSeconds { get; init; }

    /// <summary>Length of the warm-up in seconds. Requests scheduled in it enter no figure.</summary>
    /// <value>From 0 to 10000000; default 0.</value>
    [Range(0, 10_000_000)]
    public double WarmUpSeconds { get; init; }

    /// <summary>Seed of every random sequence. Repetition r, counted from 0, uses seed + r.</summary>
    /// <value>From 0 to 9007199254740991; default 1.</value>
    [Range(0, 9_007_199_254_740_991)]
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Folder that relative paths start from; <c>null</c> for the current one. It is no part of the workload's identity.
    /// </summary>
    [JsonIgnore]
    public string? Folder { get; init; }

    /// <summary>Users of a closed loop; <c>null</c> for an open loop.</summary>
    public int? Concurrency() => (Arrival as ClosedLoopArrival)?.Concurrency;

    /// <summary>Canonical JSON: the same workload gives the same bytes on every machine.</summary>
    public string ToCanonicalJson() => DocumentContract.Canonical(this);

    /// <summary>SHA-256 of the canonical JSON (UTF-8), in lower-case hexadecimal.</summary>
    public string ComputeSha256() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToCanonicalJson())));

    /// <summary>
    /// The workload with another trace file, which is named and fixed by its SHA-256. The record then does not depend on the file's
    /// folder.
    /// </summary>
    /// <exception cref="InvalidInputException">The file does not exist, or nothing in the workload uses a trace.</exception>
    public Workload WithTrace(string path)
    {
        if (!UsesTrace)
        {
            string allowed = $"a workload whose arrival or lengths are of kind trace, which '{Name}' is not";
            throw new InvalidInputException(new Problem("trace", $"'{path}'", allowed));
        }

        string full = Path.GetFullPath(TraceFile.Locate(new TraceSource { File = path }, folder: null));
        TraceSource replaced = (Trace ?? new TraceSource { File = full }) with { File = Path.GetFileName(full) };
        return this with
        {
            Folder = Path.GetDirectoryName(full),
            Trace = replaced with { Sha256 = replaced.Sha256 ?? TraceFile.ComputeSha256(full) },
        };
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check() =>
        [.. CheckName(), .. CheckEnd(), .. CheckTrace(), .. CheckClasses(), .. CheckSessions(), .. CheckDataset()];

    internal bool UsesTrace => Arrival is TraceArrival || Lengths is TraceLengths;

    private IEnumerable<Problem> CheckName()
    {
        if (!DocumentName.IsAllowed(Name))
        {
            yield return new Problem("$.name", $"'{Name}'", DocumentName.Allowed);
        }
    }

    private IEnumerable<Problem> CheckEnd()
    {
        double? end = Arrival.EndSeconds();
        if (Arrival is ClosedLoopArrival && Requests is null)
        {
            yield return new Problem("$.requests", null, "a number of requests, which a closed loop always needs");
        }
        else if (Requests is null && DurationSeconds is null && end is null && Arrival is not TraceArrival)
        {
            yield return new Problem("$.requests", null, "requests or duration_seconds, since these arrivals do not end by themselves");
        }

        double lastSeconds = Math.Min(DurationSeconds ?? double.PositiveInfinity, end ?? double.PositiveInfinity);
        if (WarmUpSeconds > 0 && WarmUpSeconds >= lastSeconds)
        {
            yield return new Problem("$.warm_up_seconds", WarmUpSeconds, $"less than the length of the workload ({lastSeconds:R} s)");
        }

        if (Requests is null && double.IsFinite(lastSeconds) && Arrival.MeanRequestsPerSecond() * lastSeconds > RequestLimits.MaxRequests)
        {
            yield return new Problem(
                "$.duration_seconds",
                $"about {Arrival.MeanRequestsPerSecond() * lastSeconds:0} requests",
                $"at most {RequestLimits.MaxRequests} requests");
        }
    }

    private IEnumerable<Problem> CheckTrace()
    {
        if (UsesTrace && Trace is null)
        {
            yield return new Problem("$.trace", null, "a trace, since arrival or lengths are of kind trace");
        }

        if (!UsesTrace && Trace is not null)
        {
            yield return new Problem("$.trace", "a trace that nothing uses", "arrival or lengths of kind trace, or no trace");
        }
    }

    private IEnumerable<Problem> CheckSessions()
    {
        if (Sessions is { Turns: null } && Dataset is null)
        {
            yield return new Problem("$.sessions.turns", null, "a whole number in [1, 1000], unless there is a dataset");
        }

        if (Sessions is { ThinkSeconds: > 0 } && Arrival is ClosedLoopArrival)
        {
            yield return new Problem(
                "$.sessions.think_seconds", Sessions.ThinkSeconds, "think_seconds of the arrival, which states it for a closed loop");
        }

        if (Sessions is not null && PrefixSharing is not null)
        {
            yield return new Problem(
                "$.sessions", "both sessions and prefix_sharing", "one of them: the turns of a session share their own history");
        }
    }

    private IEnumerable<Problem> CheckDataset()
    {
        if (Dataset is not null && Lengths is not DatasetLengths)
        {
            yield return new Problem("$.lengths.kind", "other lengths than those of the dataset", "dataset, since prompts have lengths");
        }

        if (Dataset is null && Lengths is DatasetLengths)
        {
            yield return new Problem("$.dataset", null, "a dataset, since lengths are of kind dataset");
        }

        if (Dataset is not null && PrefixSharing is not null)
        {
            yield return new Problem(
                "$.prefix_sharing", "both prefix_sharing and dataset", "one of them: the prompts of a dataset share what they share");
        }
    }

    private IEnumerable<Problem> CheckClasses() =>
        Lengths is ClassMixLengths mix
            ? mix.CheckBands(Classes).Select(problem => problem with { Place = "$.lengths" + problem.Place[1..] })
            : [];
}
