using System.CommandLine;
using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Calibration;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve calibrate</c>: the simulator's constants fitted to measured runs.</summary>
internal static class CalibrateCommand
{
    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records that hold steps.csv, all of the same accelerator, engine and number format.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Path of the engine profile to write (*.yaml); it must be new. Beside it are written: the accelerator (.gpu.yaml), "
            + "the constants with intervals (.constants.csv), the residuals (.residuals.csv) and their plot (.residuals.png, "
            + ".residuals.svg).",
        HelpName = "PROFILE",
        Required = true,
    };

    private static readonly Option<string?> GpuOption = new("--gpu")
    {
        Description = "Accelerator to start from: a name or a file. Default: the one that the records name.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> EngineOption = new("--engine")
    {
        Description = "Engine profile to start from: a name or a file. Default: the one that the records name.",
        HelpName = "NAME",
    };

    internal static Command Create()
    {
        Command command = new(
            "calibrate",
            "Fit the simulator to measured runs: efficiencies and host work to their steps, power constants to their meters.")
        {
            RecordsArgument,
            OutOption,
            GpuOption,
            EngineOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(OutOption);
        string[] taken = [.. CalibrationFiles.PathsFor(path).Where(File.Exists)];
        if (taken.Length > 0)
        {
            throw new InvalidInputException(taken.Select(file => new Problem("--out", "a file that exists", "a new path", file)));
        }

        RunRecord[] records = [.. RunRecord.ReadAll(parsed.GetRequiredValue(RecordsArgument))];
        CalibrationResult result = SimulatorCalibration.Fit(records, parsed.GetValue(GpuOption), parsed.GetValue(EngineOption));
        CalibrationFiles.Write(result, path);
        ValidationFigures.Write(result, path);
        TextWriter output = parsed.InvocationConfiguration.Output;
        Print(result, output);
        output.WriteLine($"Use it, with run or with validate, as: --engine {path} --gpu {CalibrationFiles.PathsFor(path)[1]}");
        return ExitCode.Success;
    }

    private static void Print(CalibrationResult result, TextWriter output)
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

        foreach (string note in result.Notes)
        {
            output.WriteLine(TerminalTable.Clean($"note: {note}"));
        }

        PrintError("step durations", CalibrationResult.MeanErrors(result.StepResiduals), output);
        PrintError("power of windows", CalibrationResult.MeanErrors(result.PowerResiduals), output);
    }

    private static void PrintError(string what, (double Before, double After)? errors, TextWriter output)
    {
        string text = errors is { } found
            ? FormattableString.Invariant($"mean error {100 * found.Before:F1} % before, {100 * found.After:F1} % after")
            : "not measured in these runs";
        output.WriteLine($"{what}: {text}");
    }
}
