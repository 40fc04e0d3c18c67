using GreenServe.Analysis.Metrics;
using GreenServe.Records.Verdicts;

namespace GreenServe.Search.Advising.Searching;

/// <summary>What a search asks of a run: the objective, and how far it is from the limits of the SLO.</summary>
/// <param name="Objective">What has to be least, in its own unit; positive infinity where it is not known.</param>
/// <param name="WorstRatio">
/// Largest latency over its limit, of all limits; 0 where nothing is limited, and positive infinity where requests were left unserved.
/// </param>
public readonly record struct SettingScore(double Objective, double WorstRatio)
{
    /// <summary>Whether the objective is known and every limit holds.</summary>
    public bool IsFeasible => double.IsFinite(Objective) && WorstRatio <= 1;

    /// <summary>The ratio of a run whose numbers do not count although its latencies are within the limits.</summary>
    private const double NotCountedRatio = 1 + 1e-6;

    /// <summary>The score of a run.</summary>
    /// <param name="metrics">The run.</param>
    /// <param name="objective">Gives what has to be least; <c>null</c> where the run does not tell it.</param>
    /// <param name="isFull">
    /// Whether the run has all requests. Of a shorter run only a load that it could not serve counts against it.
    /// </param>
    public static SettingScore Of(RunMetrics metrics, Func<RunMetrics, double?> objective, bool isFull)
    {
        double value = objective(metrics) ?? double.PositiveInfinity;
        double ratio = metrics.Slo is not { } slo ? 0
            : slo.WorstRatio.Value ?? (slo.IsFeasible == false ? double.PositiveInfinity : 0);
        bool counts = metrics.Reasons.All(reason => !isFull && reason.Subject != VerdictSubject.Load);
        return new SettingScore(value, counts ? ratio : Math.Max(ratio, NotCountedRatio));
    }

    /// <summary>Orders scores as <see cref="Compare"/> does.</summary>
    internal static IComparer<SettingScore> BestFirst { get; } = Comparer<SettingScore>.Create(Compare);

    /// <summary>This score with latencies that are longer by a factor.</summary>
    internal SettingScore WithLatencies(double factor) => this with { WorstRatio = factor * WorstRatio };

    /// <summary>
    /// Orders scores from the best to the worst: those within the SLO by their objective, then those outside by how much they miss.
    /// </summary>
    internal static int Compare(SettingScore left, SettingScore right) => (left.IsFeasible, right.IsFeasible) switch
    {
        (true, true) => left.Objective.CompareTo(right.Objective),
        (true, false) => -1,
        (false, true) => 1,
        _ => (left.WorstRatio, left.Objective).CompareTo((right.WorstRatio, right.Objective)),
    };
}
