using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// The files of a calibration: <c>NAME.yaml</c> (the engine profile), <c>NAME.gpu.yaml</c> (the accelerator), <c>NAME.constants.csv</c> and
/// <c>NAME.residuals.csv</c>. A run takes the paths of the two YAML files in place of names.
/// </summary>
public static class CalibrationFiles
{
    /// <summary>Paths of all files of a calibration: engine profile, accelerator, constants and residuals.</summary>
    /// <param name="profilePath">Path of the engine profile.</param>
    public static IReadOnlyList<string> PathsFor(string profilePath)
    {
        string stem = Path.Combine(Path.GetDirectoryName(profilePath) ?? "", Path.GetFileNameWithoutExtension(profilePath));
        return [profilePath, stem + ".gpu.yaml", stem + ".constants.csv", stem + ".residuals.csv"];
    }

    /// <summary>Writes all files of a calibration. Files that exist are replaced.</summary>
    /// <param name="result">The calibration.</param>
    /// <param name="profilePath">Path of the engine profile, which ends in <c>.yaml</c>.</param>
    /// <exception cref="InvalidInputException">The path does not end in <c>.yaml</c>, or a file cannot be written.</exception>
    public static void Write(CalibrationResult result, string profilePath)
    {
        if (!profilePath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException(new Problem("--out", profilePath, "the path of a .yaml file"));
        }

        IReadOnlyList<string> paths = PathsFor(profilePath);
        string name = Path.GetFileNameWithoutExtension(profilePath);
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(profilePath))!);
        GpuDefinition gpu = result.Gpu with { Name = $"{result.Gpu.Name}-{name}", Aliases = [], Source = SourceOf(result) };
        ErrorBands? errors = TwinErrors.Of(
            gpu.Name,
            result.HeldOutErrors(),
            result.ObservedResiduals.All(row => row.Part != CalibrationPart.HeldOut),
            result.Compared);
        EngineProfile engine = result.Engine with
        {
            Name = name,
            Aliases = [],
            Source = SourceOf(result),
            Errors = errors is null ? null : [errors],
        };
        OutputFile.Replace(paths[0], YamlText.Of(DocumentContract.ToNode(engine)!, Comments(result)));
        OutputFile.Replace(paths[1], YamlText.Of(DocumentContract.ToNode(gpu)!, Comments(result)));
        OutputFile.Replace(paths[2], ConstantsCsv(result));
        OutputFile.Replace(paths[3], ResidualsCsv(result));
    }

    private static string SourceOf(CalibrationResult result)
    {
        string[] runs =
        [
            .. result.StepResiduals.Select(row => row.Run)
                .Concat(result.ObservedResiduals.Where(row => row.Part == CalibrationPart.Fitted).Select(row => row.Run)).Distinct(),
        ];
        return $"Fitted to {runs.Length} measured runs ({string.Join(", ", runs)}), "
            + $"from the engine profile {result.Engine.Name} and the accelerator {result.Gpu.Name}.";
    }

    private static IReadOnlyList<string> Comments(CalibrationResult result) =>
    [
        "Fitted to measured runs; each constant with its 95 % confidence interval. "
            + "A constant that the runs do not tell stays near what it was.",
        .. result.Constants.Select(Comment),
    ];

    private static string Comment(FittedConstant constant)
    {
        string name = EnumText.Of(constant.Constant);
        string remark = constant.IsIdentified ? "" : ": not told by these runs";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {constant.Value:G4} [{constant.Low:G4}, {constant.High:G4}], before {constant.Before:G4}{remark}");
    }

    private static string ConstantsCsv(CalibrationResult result) => ValidationFiles.Csv(
        ["constant", "value", "low_95", "high_95", "before", "told"],
        result.Constants.Select(constant => new object?[]
        {
            EnumText.Of(constant.Constant), constant.Value, constant.Low, constant.High, constant.Before,
            constant.IsIdentified ? "true" : "false",
        }));

    private static string ResidualsCsv(CalibrationResult result) => ValidationFiles.Csv(
        ["quantity", "run", "seconds", "measured", "before", "after", "part"],
        [
            .. StepRows("step_seconds", result.StepResiduals),
            .. StepRows("window_watts", result.PowerResiduals),
            .. result.ObservedResiduals.Select(row => new object?[]
            {
                NameOf(row.Metric), row.Run, null, row.Measured, row.Before, row.After, EnumText.Of(row.Part),
            }),
        ]);

    private static IEnumerable<object?[]> StepRows(string quantity, IReadOnlyList<CalibrationResidual> rows) => rows.Select(row =>
        new object?[] { quantity, row.Run, row.Seconds, row.Measured, row.Before, row.After, EnumText.Of(CalibrationPart.Fitted) });

    /// <summary>Name of a metric with its unit.</summary>
    private static string NameOf(PointMetric metric) => metric switch
    {
        PointMetric.Ttft => "ttft_seconds",
        PointMetric.Tbt => "tbt_seconds",
        PointMetric.Throughput => "output_tokens_per_second",
        PointMetric.Watts => "watts",
        _ => "joules_per_output_token",
    };
}
