using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;

namespace GreenServe.Search.Advising.Findings;

/// <summary>A setting with the numbers of its runs, and with the objective of each run.</summary>
/// <remarks>
/// Two settings are compared run by run: a run of one against the run of the other that served the same requests, which has the same
/// workload and seed. What the requests do to both cancels out.
/// </remarks>
internal sealed class Candidate
{
    private readonly Dictionary<(string Workload, ulong Seed), double> values = [];

    private Candidate(ServingSetting setting, IReadOnlyList<RunMetrics> runs, AdvisedSetting advised, AdviceEvidence evidence)
    {
        (Setting, Runs, Advised) = (setting, runs, advised);
        foreach (RunMetrics run in runs)
        {
            if (ObjectiveNumbers.ValueOf(evidence.Objective, run, setting.Gpus, evidence.Prices) is > 0 and var value)
            {
                values[(run.Manifest.WorkloadSha256, run.Manifest.Seed)] = value;
            }
        }
    }

    internal ServingSetting Setting { get; }

    internal IReadOnlyList<RunMetrics> Runs { get; }

    internal AdvisedSetting Advised { get; }

    /// <summary>Number of the setting in the grid; -1 outside of it.</summary>
    internal long Number { get; private init; } = -1;

    internal double ObjectiveValue => Advised.ObjectiveValue ?? double.PositiveInfinity;

    /// <summary>Requests that one instance works on at once in the mean, at least 1, by Little's law.</summary>
    internal double ConcurrentRequests => Math.Max(1, Runs.Average(run =>
        (run.RequestsPerSecond.Value ?? 0) * (run.Latencies.E2e?.MeanSeconds ?? 0)) / (Setting.Replicas + Setting.PrefillReplicas));

    internal ErrorBands? ErrorBands => Advised.ErrorBands;

    /// <summary>Every setting that was simulated, by its number, in rising order.</summary>
    internal static Dictionary<long, Candidate> AllOf(AdviceEvidence evidence) =>
        evidence.Runs.Keys.Order().ToDictionary(number => number, number => Of(number, evidence));

    internal static Candidate Of(long number, AdviceEvidence evidence) =>
        Of(evidence.Space[number], evidence.Runs[number], evidence, number);

    internal static Candidate Of(SettingRuns runs, AdviceEvidence evidence) => Of(runs.Setting, runs.Runs, evidence, number: -1);

    /// <summary>Natural logarithms of this setting's objective over another's, one for each pair of runs with the same requests.</summary>
    internal IReadOnlyList<double> LogRatios(Candidate other) =>
        [.. values.Where(pair => other.values.ContainsKey(pair.Key)).Select(pair => Math.Log(pair.Value / other.values[pair.Key]))];

    /// <summary>
    /// The mean of <see cref="LogRatios"/> with its interval between runs; <c>null</c> where no two runs served the same requests.
    /// </summary>
    internal MeanInterval? Compare(Candidate other) => MeanInterval.Of(LogRatios(other));

    /// <summary>This setting's objective as a share above another's; <c>null</c> where no two runs served the same requests.</summary>
    internal double? ChangeAgainst(Candidate other) => Compare(other) is { } ratio ? Math.Exp(ratio.Mean) - 1 : null;

    /// <summary>Whether a run of this setting served the same requests as one of another's.</summary>
    internal bool IsPairedWith(Candidate other) => values.Keys.Any(other.values.ContainsKey);

    /// <summary>The seeds of the runs by the requests that they served.</summary>
    internal IEnumerable<(string Workload, ulong Seed)> Seeds => values.Keys;

    /// <summary>The objective of a run.</summary>
    internal double ValueOf((string Workload, ulong Seed) seed) => values[seed];

    private static Candidate Of(ServingSetting setting, IReadOnlyList<RunMetrics> runs, AdviceEvidence evidence, long number) =>
        new(setting, runs, AdvisedRuns.Of(setting, runs, evidence.Objective, evidence.Prices, evidence.Common), evidence)
        {
            Number = number,
        };
}
