using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Calibration.Observables;
using GreenServe.Simulation.Validation;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve calibrate</c>: the simulator's constants fitted to measured runs or published points.</summary>
internal static class CalibrateCommand
{
    private static readonly Argument<string[]> SourcesArgument = new("SOURCES")
    {
        Description = "Folders with run records of any server, and files of measured points (*.csv, with the columns of "
            + "docs/simulator.md). All must be of the same accelerator, engine and number format. Of a file only rows whose split begins "
            + "with 'calibration' are fitted to.",
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

    private static readonly Option<string[]> HoldOutOption = new("--hold-out")
    {
        Description = "What is not fitted to, so that its errors say how well the twin predicts: a share of the operating points from 0 to "
            + "0.9, or names of records or points with * and ?, such as 'load/*'. Names may be repeated. Repetitions of a run stay "
            + $"together. Default: {HoldOut.DefaultRatio} where there are at least {HoldOut.MinPoints} operating points; with fewer, or "
            + "with 0, each part is predicted from a fit to the others.",
        HelpName = "SHARE|NAME",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> WithoutStepsOption = new("--without-steps")
    {
        Description = "Leave the steps (steps.csv) of the records aside. Default: where records have steps, they start the fit.",
    };

    private static readonly StatedSystemOptionSet System =
        new(engineDefault: "; where they name none, the profile whose predictions are nearest");

    internal static Command Create()
    {
        Command command = new(
            "calibrate",
            "Fit a twin of any server: constants of the simulator from times, tokens and energy of runs, with intervals, errors of runs "
            + "held out, and what further runs would tell.")
        {
            SourcesArgument,
            OutOption,
            HoldOutOption,
            WithoutStepsOption,
        };
        System.AddTo(command);
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

        string[] sources = parsed.GetRequiredValue(SourcesArgument);
        CalibrationOptions options = new()
        {
            Stated = System.Read(parsed),
            HoldOut = HoldOut.Parse(parsed.GetRequiredValue(HoldOutOption)),
            UsesSteps = !parsed.GetValue(WithoutStepsOption),
        };
        string[] files = [.. sources.Where(File.Exists)];
        string[] folders = [.. sources.Except(files)];
        MeasuredPoint[] points = [.. files.SelectMany(PointsFile.Read)];
        RunRecord[] records = folders.Length == 0 ? [] : [.. RunRecord.ReadAll(folders)];
        CalibrationResult result = TwinCalibration.Fit(records, points, options);
        CalibrationFiles.Write(result, path);
        ValidationFigures.Write(result, path);
        CalibrateText.Print(result, path, parsed.InvocationConfiguration.Output);
        return ExitCode.Success;
    }
}
