using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>The error of the simulator in one metric at one measured configuration.</summary>
/// <param name="Campaign">Who measured it with which engine. Errors of one campaign share causes and are no independent evidence.</param>
/// <param name="Setting">The configuration.</param>
/// <param name="LogRatio">
/// Natural logarithm of the measured over the predicted value: positive where the simulator predicts too little.
/// </param>
/// <param name="IsFitted">Whether constants were fitted to the measurement.</param>
internal sealed record ValidatedError(string Campaign, SimulatedSetting Setting, double LogRatio, bool IsFitted)
{
    /// <summary>What some sources append to the name of an engine: the number of its pipeline stages. It makes no other campaign.</summary>
    private const string StagesMark = " pp";

    /// <summary>The errors of a validation in one metric. Measurements of one configuration are one error, their mean.</summary>
    /// <param name="report">The validation.</param>
    /// <param name="metric">The metric.</param>
    internal static IReadOnlyList<ValidatedError> Of(ValidationReport report, PointMetric metric) =>
    [
        .. ConfigurationGroups
            .Of(report.Results.Where(result => result.Setting is not null && result.Compares(metric)), result => result.Point)
            .Select(points => new ValidatedError(
                CampaignOf(points[0].Point),
                points[0].Setting!,
                points.Average(result => -Math.Log(1 + result.ErrorRatio(metric))),
                points.Any(result => result.Point.IsForCalibration))),
    ];

    /// <summary>A source with the engine that it measured.</summary>
    internal static string CampaignOf(MeasuredPoint point)
    {
        string stack = point.Stack ?? "";
        int stages = stack.IndexOf(StagesMark, StringComparison.Ordinal);
        return $"{ValidationReport.SourceName(point.Source)}, {(stages < 0 ? stack : stack[..stages])}";
    }
}
