using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Statistics;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Advising;

/// <summary>Makes an <see cref="AdvisedSetting"/> of the runs of a setting.</summary>
/// <remarks>
/// A number of several runs is their mean, with a Student interval between runs. A latency at a percentile is the mean of the runs'
/// percentiles, and the SLO is met where each of these means is within its limit. Percentiles of the runs thrown together would need every
/// latency of every run, and with 1,000 requests a run the two differ by less than the runs do. Where the percentile of one run is a failed
/// request there is no ratio, and the SLO is missed.
/// </remarks>
public static class AdvisedRuns
{
    /// <summary>The setting with the numbers of its runs.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="runs">Its runs, each with a seed of its own, all of one evidence kind; at least one.</param>
    /// <param name="objective">What is to be least.</param>
    /// <param name="prices">What energy and accelerators cost.</param>
    /// <param name="known">A setting whose model, accelerator and engine the reader knows, for the words; <c>null</c> for none.</param>
    /// <exception cref="ArgumentException">There is no run, or the runs have several evidence kinds.</exception>
    public static AdvisedSetting Of(
        ServingSetting setting,
        IReadOnlyList<RunMetrics> runs,
        AdviceObjective objective,
        TokenPrices prices,
        ServingSetting? known = null)
    {
        if (runs.Count == 0 || runs.Any(run => run.Manifest.Evidence != runs[0].Manifest.Evidence))
        {
            throw new ArgumentException("A setting needs runs, all of one evidence kind.", nameof(runs));
        }

        MeanInterval? joules = MeanOf(runs, run => run.JoulesPerOutputToken.Value);
        return new AdvisedSetting
        {
            Setting = setting,
            Words = SettingText.InWords(setting, known),
            Evidence = runs[0].Manifest.Evidence,
            Runs = runs.Count,
            Requests = runs.Sum(run => (long)run.Counts.Total),
            Reasons = ReasonsOf(runs),
            MeetsSlo = MeetsSlo(runs),
            JoulesPerOutputToken = joules?.Mean,
            LowJoulesPerOutputToken = joules?.Low,
            HighJoulesPerOutputToken = joules?.High,
            JoulesPerRequest = MeanOf(runs, run => run.JoulesPerRequest.Value)?.Mean,
            MeanWatts = MeanOf(runs, run => run.Energy.MeanWatts.Value)?.Mean,
            OutputTokensPerSecond = MeanOf(runs, run => run.OutputTokensPerSecond.Value)?.Mean,
            RequestsPerSecond = MeanOf(runs, run => run.RequestsPerSecond.Value)?.Mean,
            CostPerMillionTokens = MeanOf(runs, run => ObjectiveNumbers.CostPerMillionTokens(run, setting.Gpus, prices))?.Mean,
            GramsPerMillionTokens = MeanOf(runs, run => ObjectiveNumbers.GramsPerMillionTokens(run, prices))?.Mean,
            ObjectiveValue = MeanOf(runs, run => ObjectiveNumbers.ValueOf(objective, run, setting.Gpus, prices))?.Mean,
            Limits = MarginsOf(runs),
            ErrorBands = runs[0].Manifest.ErrorBands,
            QualityNote = QualityNoteOf(setting.Knobs.Precision),
        };
    }

    /// <summary>
    /// What a number format below 16 bits asks of the reader; <c>null</c> for formats of 16 bits and more. The suite measures no quality.
    /// </summary>
    internal static string? QualityNoteOf(Precision? precision) => precision is null or Precision.Bf16 or Precision.Fp32
        ? null
        : $"{EnumText.Of(precision.Value)} weights may change the answers. GreenServe measures energy and latency and does not judge "
            + "answers: compare them with those of bf16 on tasks of your own before you switch.";

    /// <summary>
    /// Each limit of the SLO with what the runs found, in the order of the SLO; empty without runs, without an SLO, or where the runs were
    /// held against different limits.
    /// </summary>
    internal static IReadOnlyList<LimitMargin> MarginsOf(IReadOnlyList<RunMetrics> runs) =>
        runs.Select(run => run.Slo?.Limits.Count).Distinct().Count() != 1
            ? []
            : [.. ResultsOf(runs).Select(results => MarginOf(results, runs))];

    /// <summary>The mean over runs; <c>null</c> where a run does not tell the number.</summary>
    private static MeanInterval? MeanOf(IReadOnlyList<RunMetrics> runs, Func<RunMetrics, double?> value)
    {
        double[] values = [.. runs.Select(value).OfType<double>()];
        return values.Length == runs.Count ? MeanInterval.Of(values) : null;
    }

    /// <summary>Each reason against a run, with the number of runs that it is against where it is not against all.</summary>
    private static string[] ReasonsOf(IReadOnlyList<RunMetrics> runs) =>
    [
        .. runs.SelectMany(run => run.Reasons.DistinctBy(reason => reason.Code))
            .GroupBy(reason => reason.Code, StringComparer.Ordinal)
            .Select(group => group.Count() == runs.Count
                ? group.First().Message
                : $"{group.First().Message} ({Number(group.Count())} of {Number(runs.Count)} runs)"),
    ];

    /// <summary>
    /// Whether every limit holds; <c>null</c> where there is none, where none applies to a request, or where one could not be tested and no
    /// other is missed.
    /// </summary>
    private static bool? MeetsSlo(IReadOnlyList<RunMetrics> runs)
    {
        SloLimitResult[][] limits = ResultsOf(runs);
        double?[] ratios = [.. limits.Select(RatioOf)];
        return ratios.Any(ratio => ratio > 1) ? false
            : limits.Any(limit => limit.Any(result => result.NotTestedReason is not null)) ? null
            : ratios.Any(ratio => ratio is not null) ? true
            : null;
    }

    /// <summary>The results of each limit, one of each run; empty without an SLO.</summary>
    private static SloLimitResult[][] ResultsOf(IReadOnlyList<RunMetrics> runs) => runs[0].Slo is not { } first
        ? []
        : [.. first.Limits.Select((_, index) => runs.Select(run => run.Slo!.Limits[index]).ToArray())];

    /// <summary>
    /// The mean ratio of a limit, infinite where a failed request stands at the percentile of a run; <c>null</c> where nothing could be
    /// tested.
    /// </summary>
    private static double? RatioOf(SloLimitResult[] results)
    {
        double[] ratios = [.. results.Select(result => result.Ratio).OfType<double>()];
        return ratios.Length == 0 || results.Any(result => result.NotTestedReason is not null) ? null : ratios.Average();
    }

    private static LimitMargin MarginOf(SloLimitResult[] results, IReadOnlyList<RunMetrics> runs)
    {
        SloLimit limit = results[0].Limit;
        double? ratio = RatioOf(results) is { } mean && double.IsFinite(mean) ? mean : null;
        ErrorBand? band = BandOf(limit.Metric, runs);
        return new LimitMargin
        {
            Metric = limit.Metric,
            Percentile = limit.Percentile,
            Classes = limit.Classes,
            LimitSeconds = limit.LimitSeconds,
            IsolatedMultiple = limit.IsolatedMultiple,
            FoundSeconds = ratio * limit.LimitSeconds,
            Ratio = ratio,
            Samples = results.Sum(result => result.Samples),
            LowRatio = ratio * band?.LowFactor,
            HighRatio = ratio * band?.HighFactor,
        };
    }

    /// <summary>
    /// What a latency may be off by: the band of its mean, for want of one for percentiles. The band of the end-to-end latency weighs those
    /// of its two parts; the widest of the runs counts.
    /// </summary>
    private static ErrorBand? BandOf(SloMetric metric, IReadOnlyList<RunMetrics> runs)
    {
        ErrorBand[] bands = [.. runs.Select(run => BandOf(metric, run)).OfType<ErrorBand>()];
        return bands.Length < runs.Count ? null : new ErrorBand
        {
            LowFactor = bands.Min(band => band.LowFactor),
            HighFactor = bands.Max(band => band.HighFactor),
            Extrapolated = bands[0].Extrapolated,
        };
    }

    private static ErrorBand? BandOf(SloMetric metric, RunMetrics run) => metric switch
    {
        SloMetric.Ttft => MetricBands.Ttft(run),
        SloMetric.E2e => MetricBands.E2e(run),
        _ => MetricBands.Tbt(run),
    };

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
