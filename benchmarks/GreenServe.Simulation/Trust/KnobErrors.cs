using GreenServe.Records.Measurements;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>
/// What the ratio of two simulated numbers may be off by, where their settings differ in one knob alone. Pairs of published points that
/// differ in that knob tell it.
/// </summary>
/// <param name="Knob">The knob: <c>tensor_parallelism</c>, <c>precision</c> or <c>concurrent_requests</c>.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Pairs">Number of pairs of neighbouring values of the knob.</param>
/// <param name="Campaigns">Number of campaigns that they belong to.</param>
/// <param name="Band">The band of a ratio.</param>
public sealed record KnobErrors(string Knob, PointMetric Metric, int Pairs, int Campaigns, ErrorBand Band)
{
    private const string LoadKnob = "concurrent_requests";

    private static readonly (string Knob, Func<SimulatedSetting, double> Value, Func<SimulatedSetting, SimulatedSetting> Without)[] Knobs =
    [
        ("tensor_parallelism", setting => setting.TensorParallelism, setting => setting with { TensorParallelism = 0 }),
        ("precision", setting => (double)setting.Precision, setting => setting with { Precision = default }),
        (LoadKnob, setting => setting.ConcurrentRequests, setting => setting with { ConcurrentRequests = 0 }),
    ];

    /// <summary>
    /// The bands of every knob and metric that a validation has pairs for. The GPU clock and the power cap are not among them: no published
    /// pair differs in one of those alone.
    /// </summary>
    /// <param name="report">The validation.</param>
    public static IReadOnlyList<KnobErrors> Of(ValidationReport report) =>
    [
        .. from knob in Knobs
           from metric in Enum.GetValues<PointMetric>()
           let errors = Of(knob.Knob, metric, report, knob.Value, knob.Without)
           where errors is not null
           select errors,
    ];

    private static KnobErrors? Of(
        string knob,
        PointMetric metric,
        ValidationReport report,
        Func<SimulatedSetting, double> value,
        Func<SimulatedSetting, SimulatedSetting> without)
    {
        // What else was asked must be equal: the lengths, and for the other knobs the load.
        Change[] changes =
        [
            .. report.Results.Where(result => result.Setting is not null && result.Compares(metric))
                .GroupBy(result => (
                    Campaign: ValidatedError.CampaignOf(result.Point), result.Point.Model, without(result.Setting!),
                    result.Point.InputTokens, OutputOf(result.Point), knob == LoadKnob ? null : result.Point.Load))
                .SelectMany(group => Neighbours([.. group.OrderBy(result => value(result.Setting!))], value, metric)
                    .Select(logRatio => new Change(group.Key.Campaign, logRatio))),
        ];
        double[][] campaigns =
            [.. changes.GroupBy(change => change.Campaign).Select(group => group.Select(change => change.LogRatio).ToArray())];
        return ErrorBandRule.Of(campaigns) is { } band
            ? new KnobErrors(knob, metric, changes.Length, campaigns.Length, band)
            : null;
    }

    /// <summary>Changes of the error between neighbouring values of a knob.</summary>
    private static IEnumerable<double> Neighbours(
        PointResult[] results, Func<SimulatedSetting, double> value, PointMetric metric) => results
        .Zip(results.Skip(1))
        .Where(pair => value(pair.First.Setting!) != value(pair.Second.Setting!))
        .Select(pair => FactorOf(pair.First, pair.Second)
            * Math.Log((1 + pair.First.ErrorRatio(metric)) / (1 + pair.Second.ErrorRatio(metric))));

    private static double FactorOf(PointResult one, PointResult other) =>
        one.Point.IsForCalibration || other.Point.IsForCalibration ? ErrorBandRule.FittedFactor : 1;

    /// <summary>The output length, which is a result of a chat benchmark and not asked for.</summary>
    private static double? OutputOf(MeasuredPoint point) => point.InputTokens is null ? null : point.OutputTokens;

    /// <summary>The change of an error from one value of a knob to the next.</summary>
    /// <param name="Campaign">Who measured both.</param>
    /// <param name="LogRatio">Natural logarithm of the measured over the predicted ratio of the two values.</param>
    private sealed record Change(string Campaign, double LogRatio);
}
