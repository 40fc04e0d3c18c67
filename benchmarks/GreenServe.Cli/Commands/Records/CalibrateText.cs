using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Validation;

namespace GreenServe.Cli.Commands.Records;

/// <summary>What <c>calibrate</c> prints: constants with intervals, errors of fitted and held-out runs, and what is not told.</summary>
internal static class CalibrateText
{
    private static readonly (CalibrationPart Part, string Name)[] Parts =
    [
        (CalibrationPart.Fitted, "fitted"),
        (CalibrationPart.HeldOut, "held out"),
        (CalibrationPart.CrossValidated, "predicted from the others"),
    ];

    internal static void Print(CalibrationResult result, string path, TextWriter output)
    {
        PrintConstants(result, output);
        PrintErrors(result, output);
        foreach (string note in result.Notes)
        {
            output.WriteLine(TerminalTable.Clean($"note: {note}"));
        }

        foreach ((int index, string run) in result.FurtherRuns.Index())
        {
            output.WriteLine(TerminalTable.Clean($"{(index == 0 ? "would tell most" : "then")}: {run}"));
        }

        output.WriteLine($"Use it, with run or with validate, as: --engine {path} --gpu {CalibrationFiles.PathsFor(path)[1]}");
    }

    private static void PrintConstants(CalibrationResult result, TextWriter output)
    {
        output.WriteLine($"{"constant",-30} {"fitted",12} {"95 % interval",26} {"before",12}");
        foreach (FittedConstant constant in result.Constants)
        {
            string interval = string.Create(CultureInfo.InvariantCulture, $"[{constant.Low:G4}, {constant.High:G4}]");
            string remark = constant.IsIdentified ? "" : "  not told by these runs";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{EnumText.Of(constant.Constant),-30} {constant.Value,12:G4} {interval,26} {constant.Before,12:G4}{remark}"));
        }
    }

    private static void PrintErrors(CalibrationResult result, TextWriter output)
    {
        if (result.ObservedResiduals.Count == 0)
        {
            PrintError("step durations", CalibrationResult.MeanErrors(result.StepResiduals), output);
            PrintError("power of windows", CalibrationResult.MeanErrors(result.PowerResiduals), output);
            return;
        }

        output.WriteLine();
        output.WriteLine($"{"mean error",-26} {"runs",5} {"ttft %",8} {"tbt %",8} {"tokens/s %",10} {"watts %",8} {"J/token %",10}");
        ObservedResidual[] known = [.. result.ObservedResiduals.Where(row => row.Part != CalibrationPart.CrossValidated)];
        PrintRow("before the fit", known, row => row.Before, output);
        foreach ((CalibrationPart part, string name) in Parts)
        {
            PrintRow(name, [.. result.ObservedResiduals.Where(row => row.Part == part)], row => row.After, output);
        }

        output.WriteLine();
    }

    private static void PrintRow(string name, ObservedResidual[] rows, Func<ObservedResidual, double> predicted, TextWriter output)
    {
        if (rows.Length == 0)
        {
            return;
        }

        string Error(PointMetric metric)
        {
            double[] errors = [.. rows.Where(row => row.Metric == metric).Select(row => Math.Abs((predicted(row) / row.Measured) - 1))];
            return errors.Length == 0 ? "-" : (100 * errors.Average()).ToString("F1", CultureInfo.InvariantCulture);
        }

        string times = $"{Error(PointMetric.Ttft),8} {Error(PointMetric.Tbt),8} {Error(PointMetric.Throughput),10}";
        string energy = $"{Error(PointMetric.Watts),8} {Error(PointMetric.JoulesPerToken),10}";
        output.WriteLine($"{name,-26} {rows.Select(row => row.Run).Distinct().Count(),5} {times} {energy}");
    }

    private static void PrintError(string what, (double Before, double After)? errors, TextWriter output)
    {
        string text = errors is { } found
            ? FormattableString.Invariant($"mean error {100 * found.Before:F1} % before, {100 * found.After:F1} % after")
            : "not measured in these runs";
        output.WriteLine($"{what}: {text}");
    }
}
