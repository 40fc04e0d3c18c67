using GreenServe.Analysis;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Cli.Commands.Records;

/// <summary>The results of validation and calibration, as figures and as an artifact of the report.</summary>
internal static class ValidationFigures
{
    /// <summary>Name of the files of a validation's figure, without ending.</summary>
    internal const string Name = "predicted-against-measured";

    private static readonly (PointMetric Metric, string Quantity, double Factor)[] Quantities =
    [
        (PointMetric.Ttft, "TTFT (ms)", 1e3),
        (PointMetric.Tbt, "TBT (ms)", 1e3),
        (PointMetric.Throughput, "tokens/s", 1),
        (PointMetric.Watts, "power (W)", 1),
        (PointMetric.JoulesPerToken, "J/token", 1),
    ];

    /// <summary>Draws a validation into a folder. Nothing is drawn if no point could be simulated.</summary>
    internal static void Write(ValidationReport report, string folder)
    {
        Figure figure = FigureOf(report);
        if (figure.Panels.Count > 0)
        {
            PredictionFigure.Write(figure, folder, Name);
        }
    }

    /// <summary>Draws the residuals of a calibration as <c>NAME.residuals.png</c> and <c>.svg</c> beside its profile.</summary>
    internal static void Write(CalibrationResult result, string profilePath)
    {
        IEnumerable<PredictedValue> Values(string quantity, double factor, IReadOnlyList<CalibrationResidual> rows) =>
            rows.SelectMany(row => new[]
            {
                new PredictedValue(quantity, "before the fit", factor * row.Measured, factor * row.Before),
                new PredictedValue(quantity, "after the fit", factor * row.Measured, factor * row.After),
            });
        Figure figure = PredictionFigure.Of(
            "Calibration: predicted against measured",
            $"SIMULATED against MEASURED  ·  {result.Gpu.Name}  ·  {result.Engine.Name}",
            [
                .. Values("step (ms)", 1e3, result.StepResiduals), .. Values("power of a window (W)", 1, result.PowerResiduals),
                .. Observed(result),
            ]);
        PredictionFigure.Write(
            figure, Path.GetDirectoryName(Path.GetFullPath(profilePath))!, $"{Path.GetFileNameWithoutExtension(profilePath)}.residuals");
    }

    private static IEnumerable<PredictedValue> Observed(CalibrationResult result) =>
        from quantity in Quantities
        from row in result.ObservedResiduals
        where row.Metric == quantity.Metric
        from value in new[] { ("before the fit", row.Before), (NameOf(row.Part), row.After) }
        where row.Part != CalibrationPart.CrossValidated || value.Item1 != "before the fit"
        select new PredictedValue(quantity.Quantity, value.Item1, quantity.Factor * row.Measured, quantity.Factor * value.Item2);

    private static string NameOf(CalibrationPart part) => part switch
    {
        CalibrationPart.Fitted => "after the fit",
        CalibrationPart.HeldOut => "held out",
        _ => "predicted from the others",
    };

    /// <summary>The artifact of a validation, for the report.</summary>
    /// <param name="report">The result of the validation.</param>
    /// <param name="isTwin">Whether all points are run records. Their simulation is called their twin.</param>
    internal static PredictionArtifact.Content Artifact(ValidationReport report, bool isTwin)
    {
        string name = isTwin ? PredictionArtifact.TwinName : PredictionArtifact.Name;
        PointResult[] simulated = [.. report.Results.Where(result => result.Prediction is not null)];
        IReadOnlyList<string> Distinct(Func<PointResult, string> read) =>
            [.. simulated.Select(read).Distinct().Order(StringComparer.Ordinal)];
        return new PredictionArtifact.Content(
            isTwin,
            FigureOf(report, isTwin),
            ErrorTable(report, name),
            PointTable(report, name),
            RatioTable(report, name),
            Distinct(result => result.Point.Gpu),
            Distinct(result => result.Point.Model),
            Distinct(result => result.Engine!),
            Distinct(result => ValidationReport.SourceName(result.Point.Source)),
            simulated.Length,
            report.Results.Count - simulated.Length,
            RunEnvironment.Version);
    }

    /// <summary>
    /// Adds the simulator's errors on published points to a report that holds simulated numbers and has no such artifact yet.
    /// </summary>
    /// <param name="reportFolder">Folder of the report, whose other artifacts have been written.</param>
    internal static void CompleteReport(string reportFolder)
    {
        if (AnalysisOutput.LacksSimulatorErrors(reportFolder))
        {
            PredictionArtifact.Write(Artifact(ShippedValidation.Report, isTwin: false), reportFolder);
        }
    }

    private static Figure FigureOf(ValidationReport report, bool isTwin = false) => PredictionFigure.Of(
        isTwin ? "The calibrated twin against measured runs" : "The simulator against measured points",
        "SIMULATED against MEASURED  ·  constants were fitted to calibration points alone",
        [
            .. from quantity in Quantities
               from result in report.Results
               where result.Compares(quantity.Metric)
               orderby result.Point.IsForCalibration descending
               select new PredictedValue(
                   quantity.Quantity,
                   result.Point.IsForCalibration ? "calibration" : "validation",
                   quantity.Factor * result.Point.Value(quantity.Metric)!.Value,
                   quantity.Factor * result.Prediction!.Value(quantity.Metric)!.Value),
        ]);

    private static ResultTable ErrorTable(ValidationReport report, string name) => new Table<ErrorRow>(name,
    [
        new TextColumn("group").From<ErrorRow>(row => row.Group),
        new TextColumn("name").From<ErrorRow>(row => row.Name),
        new TextColumn("split").From<ErrorRow>(row => row.Split),
        new TextColumn("metric").From<ErrorRow>(row => EnumText.Of(row.Metric)),
        new NumberColumn("points").From<ErrorRow>(row => row.Points),
        new NumberColumn("mape_ratio").From<ErrorRow>(row => row.MeanAbsoluteRatio),
        new NumberColumn("bias_ratio").From<ErrorRow>(row => row.BiasRatio),
        new NumberColumn("p90_ratio").From<ErrorRow>(row => row.AbsoluteRatioP90),
        new NumberColumn("worst_ratio").From<ErrorRow>(row => row.WorstRatio),
        new TextColumn("worst_id").From<ErrorRow>(row => row.WorstId),
        new NumberColumn("configurations").From<ErrorRow>(row => row.Configurations),
        new NumberColumn("noise_ratio").From<ErrorRow>(row => row.Noise?.MeanAbsoluteLogRatio),
        new NumberColumn("noise_pairs").From<ErrorRow>(row => row.Noise?.Pairs),
    ]).Of(report.Errors());

    private static ResultTable RatioTable(ValidationReport report, string name) => new Table<KnobErrors>($"{name}-ratios",
    [
        new TextColumn("knob").From<KnobErrors>(row => row.Knob),
        new TextColumn("metric").From<KnobErrors>(row => EnumText.Of(row.Metric)),
        new NumberColumn("pairs").From<KnobErrors>(row => row.Pairs),
        new NumberColumn("campaigns").From<KnobErrors>(row => row.Campaigns),
        new NumberColumn("low_factor").From<KnobErrors>(row => row.Band.LowFactor),
        new NumberColumn("high_factor").From<KnobErrors>(row => row.Band.HighFactor),
    ]).Of(KnobErrors.Of(report));

    private static ResultTable PointTable(ValidationReport report, string name) => new Table<PointRow>($"{name}-points",
    [
        new TextColumn("id").From<PointRow>(row => row.Result.Point.Id),
        StandardColumns.Source.From<PointRow>(row => row.Result.Point.Source),
        new TextColumn("split").From<PointRow>(row => row.Result.Point.Split),
        StandardColumns.Gpu.From<PointRow>(row => row.Result.Point.Gpu),
        StandardColumns.Model.From<PointRow>(row => row.Result.Point.Model),
        StandardColumns.Engine.From<PointRow>(row => row.Result.Engine),
        new TextColumn("metric").From<PointRow>(row => EnumText.Of(row.Metric)),
        new NumberColumn("measured").From<PointRow>(row => row.Result.Point.Value(row.Metric)),
        new NumberColumn("predicted").From<PointRow>(row => row.Result.Prediction?.Value(row.Metric)),
        new TextColumn("skipped").From<PointRow>(row => row.Result.Skipped),
    ]).Of(
        from result in report.Results
        from metric in Enum.GetValues<PointMetric>()
        where result.Point.Value(metric) is not null
        select new PointRow(result, metric));

    /// <summary>A row of the table: one metric of one point.</summary>
    private sealed record PointRow(PointResult Result, PointMetric Metric);
}
