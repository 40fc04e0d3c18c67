using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Statistics;
using GreenServe.Records;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Advising;

/// <summary>The runs of a finalist on a real server.</summary>
/// <param name="Predicted">The finalist as the advice predicts it.</param>
/// <param name="Runs">Its runs, each with a seed of its own, all of one evidence kind; at least one.</param>
/// <param name="Record">Folder of the run records, from the folder of the advice.</param>
public sealed record VerifiedRuns(AdvisedSetting Predicted, IReadOnlyList<RunMetrics> Runs, string Record);

/// <summary>What runs of the finalists on a real server say of an advice.</summary>
/// <remarks>
/// The ranking is of measured numbers alone. Repetitions with the same seed served the same requests, so that two settings are compared by
/// the differences of such pairs (Student's t). The recommended setting is told apart from those that measured less where a p-value,
/// corrected for their number by Holm's method, is below 5 %. One run each tells no spread: then the means decide, and the finding says so.
/// </remarks>
public static class VerificationFindings
{
    private const double Level = 0.05;

    /// <summary>The findings.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="measured">The finalists that were measured.</param>
    /// <param name="prices">What energy and accelerators cost.</param>
    /// <param name="notMeasured">Finalists that were not measured, each with the reason.</param>
    public static AdviceVerification Of(
        AdviceDocument advice, IReadOnlyList<VerifiedRuns> measured, TokenPrices prices, IReadOnlyList<string> notMeasured)
    {
        MeasuredFinalist[] ranked =
        [
            .. measured.Select(runs => MeasuredFinalist.Of(runs, advice.Objective, prices))
                .OrderBy(one => !one.Setting.Measured.IsFeasible)
                .ThenBy(one => one.Setting.Measured.ObjectiveValue ?? double.PositiveInfinity),
        ];
        MeasuredFinalist? recommended = advice.Finalists is [var first, ..]
            ? ranked.FirstOrDefault(one => one.Setting.Predicted.Setting == first.Setting)
            : null;
        (bool? stood, string finding) = Judge(advice, ranked, recommended);
        string evidence = ranked.Any(one => one.Setting.Measured.Evidence == EvidenceKind.Simulated)
            ? "The server simulates, so that nothing was measured. "
            : "";
        return new AdviceVerification
        {
            Settings = [.. ranked.Select(one => one.Setting)],
            Stood = stood,
            Finding = evidence + finding,
            NotMeasured = notMeasured,
        };
    }

    private static (bool? Stood, string Finding) Judge(AdviceDocument advice, MeasuredFinalist[] ranked, MeasuredFinalist? recommended)
    {
        if (recommended is null)
        {
            return (null, "The advice was not checked: the recommended setting was not measured.");
        }

        AdvisedSetting own = recommended.Setting.Measured;
        if (own.Reasons.Count > 0 || own.ObjectiveValue is not { } value)
        {
            string reason = own.Reasons is [string first, ..] ? first : $"{ObjectiveNumbers.NameOf(advice.Objective)} was not measured";
            return (null, $"The advice was not checked, because the runs of {own.Words} tell nothing: {reason}.");
        }

        MeasuredFinalist[] others = [.. ranked.Where(one => one != recommended && one.Setting.Measured.IsFeasible)];
        if (own.MeetsSlo == false)
        {
            string missed = own.Limits.Where(limit => limit.Ratio is not null).MaxBy(limit => limit.Ratio) is { } worst
                ? $" ({LimitText.Found(worst)})"
                : "";
            string instead = others is [var least, ..]
                ? $" Of the finalists that meet it, {InWords(advice, least)} is the least."
                : " No finalist that was measured meets it.";
            return (false, $"The advice did not stand: {own.Words} misses the SLO on the server{missed}.{instead}");
        }

        string against = AgainstPrediction(recommended.Setting);
        if (others.Length == 0)
        {
            return (null, $"{InWords(advice, recommended)} was measured{against}. No other finalist was measured that meets the SLO, so "
                + "that the runs do not say which setting is the least.");
        }

        MeasuredFinalist[] lower = [.. others.Where(one => one.Setting.Measured.ObjectiveValue < value)];
        return lower.Length == 0
            ? (true, $"The advice stood: {InWords(advice, recommended)} measured the least of {Text(others.Length + 1)} settings{against}.")
            : Compare(advice, recommended, lower, against);
    }

    private static (bool? Stood, string Finding) Compare(
        AdviceDocument advice, MeasuredFinalist recommended, MeasuredFinalist[] lower, string against)
    {
        string own = InWords(advice, recommended);
        string best = InWords(advice, lower[0]);
        double?[] pValues = [.. lower.Select(one => MeasuredFinalist.Difference(one, recommended)?.PValue)];
        if (pValues.Any(p => p is null))
        {
            return (false, $"The advice did not stand: {best} measured less than {own}{against}. There are too few runs to say whether "
                + "that is chance.");
        }

        bool isWorse = HolmCorrection.Adjust([.. pValues.OfType<double>()]).Any(p => p < Level);
        return isWorse
            ? (false, $"The advice did not stand: {best} measured less than {own}{against}.")
            : (true, $"The advice stood: {own} cannot be told apart from {best}, which measured less{against}.");
    }

    /// <summary>The setting with its measured objective.</summary>
    private static string InWords(AdviceDocument advice, MeasuredFinalist one)
    {
        AdvisedSetting measured = one.Setting.Measured;
        return $"{measured.Words} ({AdviceText.ObjectiveOf(advice, measured.ObjectiveValue ?? 0)})";
    }

    private static string AgainstPrediction(VerifiedSetting setting)
    {
        if (setting.JoulesErrorRatio is not { } error)
        {
            return "";
        }

        string band = setting.IsWithinBand switch
        {
            true => ", within the error band of the simulator",
            false => ", outside of the error band of the simulator",
            _ => "",
        };
        string side = error >= 0 ? "above" : "below";
        return $"; its energy per output token is {AdviceText.Percent(Math.Abs(error))} {side} the prediction{band}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A finalist as it was measured, with the objective of each run by its seed.</summary>
    private sealed record MeasuredFinalist(VerifiedSetting Setting, IReadOnlyDictionary<ulong, double> Values)
    {
        internal static MeasuredFinalist Of(VerifiedRuns runs, AdviceObjective objective, TokenPrices prices)
        {
            AdvisedSetting predicted = runs.Predicted;
            int gpus = predicted.Setting.Gpus;
            AdvisedSetting measured = AdvisedRuns.Of(predicted.Setting, runs.Runs, objective, prices) with
            {
                Words = predicted.Words,
                QualityNote = predicted.QualityNote,
            };
            int[] metered = [.. runs.Runs.Select(run => run.Manifest.GpusUsed).OfType<int>().Where(count => count != gpus).Distinct()];
            if (metered.Length > 0)
            {
                string found = string.Join(" or ", metered.Select(Text));
                measured = measured with
                {
                    Reasons =
                    [
                        .. measured.Reasons,
                        $"{found} GPUs were metered, and the setting uses {Text(gpus)}: choose them with --meters",
                    ],
                };
            }

            double? error = measured.JoulesPerOutputToken / predicted.JoulesPerOutputToken - 1;
            ErrorBand? band = predicted.ErrorBands?.JoulesPerToken;
            VerifiedSetting setting = new(predicted, measured, runs.Record, error, IsWithin(error + 1, band?.LowFactor, band?.HighFactor))
            {
                LatencyErrors = [.. measured.Limits.Select(limit => ErrorOf(limit, predicted))],
            };
            return new MeasuredFinalist(setting, ValuesOf(runs.Runs, objective, gpus, prices));
        }

        /// <summary>The test of the difference of two finalists, over the seeds that both ran; <c>null</c> for fewer than two.</summary>
        internal static TwoSampleTest? Difference(MeasuredFinalist one, MeasuredFinalist other)
        {
            ulong[] seeds = [.. one.Values.Keys.Where(other.Values.ContainsKey).Order()];
            return TwoSampleTest.Paired([.. seeds.Select(seed => one.Values[seed])], [.. seeds.Select(seed => other.Values[seed])]);
        }

        private static Dictionary<ulong, double> ValuesOf(
            IReadOnlyList<RunMetrics> runs, AdviceObjective objective, int gpus, TokenPrices prices)
        {
            Dictionary<ulong, double> values = [];
            foreach (RunMetrics run in runs)
            {
                if (ObjectiveNumbers.ValueOf(objective, run, gpus, prices) is { } value)
                {
                    values[run.Manifest.Seed] = value;
                }
            }

            return values;
        }

        private static LatencyError ErrorOf(LimitMargin measured, AdvisedSetting predicted)
        {
            LimitMargin? expected = predicted.Limits.FirstOrDefault(limit => limit.Metric == measured.Metric
                && limit.Percentile.Equals(measured.Percentile)
                && (limit.Classes ?? []).SequenceEqual(measured.Classes ?? []));
            return new LatencyError(
                measured.Metric,
                measured.Percentile,
                measured.Classes,
                measured.Ratio / expected?.Ratio - 1,
                IsWithin(measured.Ratio, expected?.LowRatio, expected?.HighRatio));
        }

        private static bool? IsWithin(double? value, double? low, double? high) =>
            value is null || low is null || high is null ? null : value >= low && value <= high;
    }
}
