using GreenServe.Analysis.Metrics;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>What a fleet did under one load: the verdict of the majority of its runs, and means over the runs that it always has.</summary>
internal sealed record FleetOutcome
{
    /// <summary>Whether most runs kept every limit of the SLO, served every request and did not fall behind.</summary>
    internal required bool MeetsSlo { get; init; }

    /// <summary>Largest latency over its limit in the run that decided; <c>null</c> where none was tested or requests failed.</summary>
    internal double? WorstRatio { get; init; }

    /// <summary>Energy of an output token (J).</summary>
    internal double? JoulesPerOutputToken { get; init; }

    /// <summary>Mean power (W).</summary>
    internal double? MeanWatts { get; init; }

    /// <summary>The highest power of any run (W).</summary>
    internal double? PeakWatts { get; init; }

    /// <summary>Requests served per second (requests/s).</summary>
    internal double? RequestsPerSecond { get; init; }

    /// <summary>Requests behind the latencies, over all runs.</summary>
    internal required long Requests { get; init; }

    /// <summary>Why the SLO was missed, other than by a latency, in the first run that says so; <c>null</c> for no such reason.</summary>
    internal string? Reason { get; init; }

    /// <summary>The policy as the first run records it; <c>null</c> without one.</summary>
    internal ControlPolicy? Policy { get; init; }

    /// <summary>The outcome of some runs.</summary>
    /// <param name="runs">The metrics of each run; so many that one verdict has the majority.</param>
    /// <param name="majority">Number of runs that are the majority.</param>
    internal static FleetOutcome Of(IReadOnlyList<RunMetrics> runs, int majority)
    {
        bool meets = runs.Count(Meets) >= majority;
        RunMetrics[] always = [.. runs.Take(majority)];
        RunMetrics[] byRatio = [.. runs.OrderBy(run => run.Slo?.WorstRatio.Value ?? double.PositiveInfinity)];
        return new FleetOutcome
        {
            MeetsSlo = meets,
            WorstRatio = byRatio[meets ? majority - 1 : runs.Count - majority].Slo?.WorstRatio.Value,
            JoulesPerOutputToken = Mean(always, run => run.JoulesPerOutputToken),
            MeanWatts = Mean(always, run => run.Energy.MeanWatts),
            PeakWatts = runs.Max(run => run.Energy.PeakWatts.Value),
            RequestsPerSecond = Mean(always, run => run.RequestsPerSecond),
            Requests = runs.Sum(run => (long)run.Counts.Completed),
            Reason = runs.Select(ReasonOf).FirstOrDefault(reason => reason is not null),
            Policy = runs[0].Manifest.Policy,
        };
    }

    /// <summary>Whether a run kept every limit of the SLO, served every request and did not fall behind.</summary>
    internal static bool Meets(RunMetrics run) => run.Slo?.IsFeasible == true && ReasonOf(run) is null;

    /// <summary>Why a run does not count, or did not serve its load; <c>null</c> without such a reason.</summary>
    private static string? ReasonOf(RunMetrics run)
    {
        // An SLO does not limit energy: a run whose energy is not known still tells whether it was kept.
        VerdictReason? reason = run.Reasons.FirstOrDefault(each => each.Subject is not (VerdictSubject.Energy or VerdictSubject.Metering));
        int lost = run.Counts.Total - run.Counts.Completed;
        return reason?.Message ?? (lost > 0 ? $"{lost} of {run.Counts.Total} requests were not served" : null);
    }

    private static double? Mean(IReadOnlyList<RunMetrics> runs, Func<RunMetrics, Reading> read) =>
        runs.All(run => read(run).Value is not null) ? runs.Average(run => read(run).Value!.Value) : null;
}
