using GreenServe.Analysis.Metrics;
using GreenServe.Records;

namespace GreenServe.Search.Benches;

/// <summary>What a bench found out about a server.</summary>
public sealed record BenchResult
{
    /// <summary>Number of rates below which a curve has no knee to speak of.</summary>
    private const int MinRatesForKnee = 3;

    /// <summary>The results: users first, then rates, each from the lowest load to the highest.</summary>
    public required IReadOnlyList<LoadResult> Results { get; init; }

    /// <summary>Why loads that would have told more were not run; <c>null</c> if all were run.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>Whether the user stopped the bench.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>The evidence kind of the results; <c>null</c> without results.</summary>
    public EvidenceKind? Evidence => Results.Count > 0 ? Results[0].Metrics.Manifest.Evidence : null;

    /// <summary>Whether an SLO was asked for.</summary>
    public bool HasSlo => Results.Any(result => result.Metrics.Slo is not null);

    /// <summary>The highest rate that the server followed; <c>null</c> if it followed none.</summary>
    public LoadResult? HighestFollowed => Rates.LastOrDefault(IsFollowed);

    /// <summary>The lowest rate above <see cref="HighestFollowed"/> that the server did not follow; <c>null</c> if there is none.</summary>
    public LoadResult? LowestAboveCapacity => Rates.FirstOrDefault(
        result => result.IsAboveCapacity && result.Load.RequestsPerSecond > (HighestFollowed?.Load.RequestsPerSecond ?? 0));

    /// <summary>
    /// The load at which throughput divided by latency is highest; <c>null</c> for fewer than three rates that the server followed. Below
    /// it more load costs little latency, above it more latency brings little throughput.
    /// </summary>
    /// <remarks>
    /// Throughput is output tokens per second, latency is the mean E2E. Source of the criterion: Kleinrock, "Power and deterministic rules
    /// of thumb for probabilistic problems in computer communications", ICC 1979.
    /// </remarks>
    public LoadResult? Knee => Rates.Where(IsFollowed).ToArray() is { Length: >= MinRatesForKnee } followed
        ? followed.MaxBy(PowerOf)
        : null;

    /// <summary>
    /// The load with the fewest joules per output token of all valid ones within the SLO; <c>null</c> if there is none. Without an SLO all
    /// loads that the server followed are candidates. Where tokens are not known it is the load with the fewest joules per request, and
    /// without energy the one with the most output tokens per second.
    /// </summary>
    public LoadResult? Best
    {
        get
        {
            LoadResult[] candidates =
                [.. Results.Where(result => result.IsValid && (HasSlo ? result.IsWithinSlo == true : IsFollowed(result)))];
            return candidates.Where(result => JoulesPerToken(result) is not null).MinBy(JoulesPerToken)
                ?? candidates.Where(result => result.Metrics.JoulesPerRequest.Value is not null)
                    .MinBy(result => result.Metrics.JoulesPerRequest.Value)
                ?? candidates.MaxBy(result => result.Metrics.OutputTokensPerSecond.Value);
        }
    }

    /// <summary>The load that came nearest to the SLO; <c>null</c> without an SLO, or where no load could be held against it.</summary>
    public LoadResult? NearestToSlo => Results.Where(result => !result.IsVoid && result.Metrics.Slo?.WorstRatio.Value is not null)
        .MinBy(result => result.Metrics.Slo!.WorstRatio.Value);

    /// <summary>Whether the search found the SLO missed by every load that could be held against it.</summary>
    public bool IsSloMissed =>
        Results.Any(result => result.IsWithinSlo == false) && Results.All(result => result.IsWithinSlo != true);

    /// <summary>
    /// The lowest rate above <see cref="HighestFollowed"/> that the client could not drive undisturbed, where no higher rate was found
    /// above the server's capacity; <c>null</c> if the client was no limit. With such a limit the capacity of the server is not known.
    /// </summary>
    public LoadResult? LimitOfTheClient => LowestAboveCapacity is not null ? null : Rates.FirstOrDefault(
        result => result.WasClientDisturbed && result.Load.RequestsPerSecond > (HighestFollowed?.Load.RequestsPerSecond ?? 0));

    private IEnumerable<LoadResult> Rates => Results.Where(result => result.Load.Users is null);

    /// <summary>Share of the energy at a load that flows without any request; <c>null</c> where no baseline was measured.</summary>
    /// <returns>A share, at least 0.</returns>
    public static double? IdleShareOf(LoadResult result) =>
        MetricCatalog.Of("static_energy_ratio").Read(result.Metrics).Value;

    private static bool IsFollowed(LoadResult result) => !result.IsAboveCapacity && !result.IsVoid;

    private static double? JoulesPerToken(LoadResult result) => result.Metrics.JoulesPerOutputToken.Value;

    private static double? PowerOf(LoadResult result) =>
        result.Metrics is { OutputTokensPerSecond.Value: { } tokens, Latencies.E2e.MeanSeconds: > 0 and { } seconds }
            ? tokens / seconds
            : null;
}
