using System.CommandLine;
using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Cli.Commands;

/// <summary><c>greenserve validate</c>: the simulator held against published operating points and measured runs.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<string[]> SourcesArgument = new("SOURCES")
    {
        Description = "Files of measured operating points (*.csv, see docs/simulator.md for the columns) and folders with measured run records.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = $"Folder for {ValidationFiles.Errors}, {ValidationFiles.Points} and {ValidationFiles.Table}; files of these names are replaced.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Command Create()
    {
        Command command = new("validate", "Hold the simulator against measured points: errors by source, GPU, model and engine, calibration points apart.")
        {
            SourcesArgument,
            OutOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string[] sources = parsed.GetRequiredValue(SourcesArgument);
        string folder = parsed.GetRequiredValue(OutOption);
        string[] files = [.. sources.Where(source => !Directory.Exists(source))];
        MeasuredPoint[] points = [.. files.SelectMany(PointsFile.Read)];
        RunRecord[] records = [.. RunRecord.ReadAll(sources.Where(Directory.Exists))];
        OutputFolder.Create(folder);

        ValidationReport report = ValidationReport.Of(points);
        report = report with { Results = [.. report.Results, .. records.Select(RunRecordComparison.Of)] };
        ValidationFiles.Write(report, folder);
        Print(report, parsed.InvocationConfiguration.Output);
        parsed.InvocationConfiguration.Output.WriteLine($"Errors by source, GPU, model and engine: {Path.Combine(folder, ValidationFiles.Table)}");
        return ExitCode.Success;
    }

    private static void Print(ValidationReport report, TextWriter output)
    {
        int simulated = report.Results.Count(result => result.Prediction is not null);
        output.WriteLine($"{report.Results.Count} points, {simulated} simulated, {report.Results.Count - simulated} skipped.");
        output.WriteLine($"{"split",-12} {"metric",-18} {"points",6} {"MAPE %",8} {"bias %",8} {"p90 %",8} {"worst %",8}  worst point");
        foreach (ErrorRow row in report.Errors().Where(row => row.Group == "all"))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Split,-12} {EnumText.Of(row.Metric),-18} {row.Points,6} {100 * row.MeanAbsolute,8:F1} {100 * row.Bias,8:F1} {100 * row.P90Absolute,8:F1} {100 * row.Worst,8:F1}  {row.WorstId}"));
        }

        foreach ((string reason, int points) in report.Skipped())
        {
            output.WriteLine($"skipped {points}: {reason}");
        }
    }
}
