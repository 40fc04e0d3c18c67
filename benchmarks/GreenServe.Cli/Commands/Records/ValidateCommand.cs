using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Artifacts;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve validate</c>: the simulator compared with published operating points and measured runs.</summary>
internal static class ValidateCommand
{
    /// <summary>Name of the file with the section <c>errors</c> of an engine profile.</summary>
    private const string BandsFile = "bands.yaml";

    private static readonly Argument<string[]> SourcesArgument = new("SOURCES")
    {
        Description = "Files of measured operating points (*.csv, with the columns of docs/simulator.md) and folders with measured run "
            + "records.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = $"Folder for {ValidationFiles.Errors}, {ValidationFiles.Points}, {ValidationFiles.Table}, "
            + $"{ValidationFigures.Name}.png and {ValidationFigures.Name}.svg, and where run records are held out for {BandsFile}, the "
            + "section errors of their engine profile. Files of these names are replaced.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly StatedSystemOptionSet System = new(engineDefault: "");

    private static readonly Option<string[]> FittedOption = new("--fitted")
    {
        Description = "File that lists the run records that constants were fitted to, one EXPERIMENT/POINT on each line. All other records "
            + "are validation points. May be repeated. Records that the engine profile says it was fitted to count without it.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> ReportOption = new("--report")
    {
        Description = "Folder of a report. An artifact is written into its folder artifacts/, from which analyze takes it into the report. "
            + $"Its name is {PredictionArtifact.TwinName} if all sources are run records, else {PredictionArtifact.Name}. "
            + "Default: no artifact.",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> RepeatsOption = new("--repeats")
    {
        Description = "File of points that hold repeated measurements of one configuration, with the columns of SOURCES. They are not "
            + "simulated: the noise of the measurements follows from them. May be repeated. Default: the repeats among SOURCES.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    internal static Command Create()
    {
        Command command = new(
            "validate",
            "Compare the simulator with measured points: errors by source, experiment, engine, GPU, precision, tensor parallelism, "
            + "batch and model, beside the noise of repeated measurements. Calibration points are kept apart.")
        {
            SourcesArgument,
            OutOption,
            FittedOption,
            RepeatsOption,
            ReportOption,
        };
        System.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string[] sources = parsed.GetRequiredValue(SourcesArgument);
        string folder = parsed.GetRequiredValue(OutOption);
        TextWriter output = parsed.InvocationConfiguration.Output;
        FittedRuns fitted = FittedRuns.Read(parsed.GetRequiredValue(FittedOption));

        // The last digit of a sum depends on the order of the points, and a file pattern gives its files in any order.
        IEnumerable<string> files = sources.Where(source => !Directory.Exists(source)).Order(StringComparer.Ordinal);
        MeasuredPoint[] points = [.. files.SelectMany(PointsFile.Read)];
        IReadOnlyList<string> records = RunRecord.Find(sources.Where(Directory.Exists));
        IReadOnlyList<bool> isFitted = fitted.Among([.. records]);
        int fittedByShipped = points.Count(ShippedValidation.WasFittedTo);
        ValidationReport report = ValidationReport.Of(
            [.. points.Select(point => ShippedValidation.WasFittedTo(point) ? point with { Split = "calibration" } : point)],
            System.Read(parsed));
        report = report with
        {
            Results = [.. report.Results, .. Compare(parsed, records, isFitted)],
            Notes = fittedByShipped == 0 ? report.Notes : [.. report.Notes, FittedSentence(fittedByShipped)],
            Repeats = [.. parsed.GetRequiredValue(RepeatsOption).SelectMany(PointsFile.Read)],
        };

        ThrowIfNoneIsSimulated(report);
        OutputFolder.Create(folder);
        ValidationFiles.Write(report, folder);
        ValidationFigures.Write(report, folder);
        if (parsed.GetValue(ReportOption) is { } reportFolder)
        {
            PredictionArtifact.Write(ValidationFigures.Artifact(report, isTwin: points.Length == 0), reportFolder);
        }

        ValidationText.Write(report, output);
        PrintRecords(report, output);
        WriteBands(report, Path.Combine(folder, BandsFile), output);
        output.WriteLine($"All errors: {Path.Combine(folder, ValidationFiles.Table)}");
        return ExitCode.Success;
    }

    /// <summary>
    /// Writes the bands of the records that no constant was fitted to. Without enough of them there is no file: that of an earlier
    /// comparison would be taken for one of this.
    /// </summary>
    private static void WriteBands(ValidationReport report, string path, TextWriter output)
    {
        PointResult[] runs = [.. report.Results.Where(result => result.Point.Source == RunRecordComparison.Source)];
        if (TwinErrors.Of(new ValidationReport(runs)) is { Count: > 0 } bands)
        {
            OutputFile.Replace(path, TwinErrors.ToYaml(bands));
        }
        else
        {
            File.Delete(path);
            if (runs.Length > 0)
            {
                output.WriteLine($"No {BandsFile}: fewer than {TwinErrors.MinPoints} operating points that no constant was fitted to.");
            }
        }
    }

    private static string FittedSentence(int points) => points == 1
        ? "1 point marked validation was fitted to by the shipped profiles: it counts as fitted."
        : $"{points} points marked validation were fitted to by the shipped profiles: they count as fitted.";

    /// <exception cref="InvalidInputException">No point was simulated. The exception lists every reason.</exception>
    private static void ThrowIfNoneIsSimulated(ValidationReport report)
    {
        const string Allowed = "at least one point that can be simulated";
        if (report.Results.Count == 0)
        {
            throw new InvalidInputException(new Problem("SOURCES", "no points", Allowed));
        }

        if (report.Results.All(result => result.Prediction is null))
        {
            throw new InvalidInputException(report.Skipped().Select(skipped =>
                new Problem("SOURCES", $"{skipped.Points} skipped ({skipped.Names}): {skipped.Reason}", Allowed)));
        }
    }

    /// <summary>Compares each record with its simulation, on every core. No record is kept.</summary>
    /// <exception cref="InvalidInputException">
    /// The accelerator or the engine profile that is asked for does not exist, or a record is damaged.
    /// </exception>
    private static PointResult[] Compare(ParseResult parsed, IReadOnlyList<string> records, IReadOnlyList<bool> isFitted)
    {
        StatedSystem stated = System.Read(parsed);
        return EveryCore.Select(
            records.Zip(isFitted), item => RunRecordComparison.Of(RunRecord.Read(item.First), stated, item.Second));
    }

    /// <summary>Writes a line for each run record. There are few of them, and the user wants to know about each.</summary>
    private static void PrintRecords(ValidationReport report, TextWriter output)
    {
        PointResult[] records = [.. report.Results.Where(result =>
            result.Point.Source == RunRecordComparison.Source && result.Prediction is not null)];
        if (records.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{"record",-40} {"ttft %",8} {"tbt %",8} {"tokens/s %",10} {"watts %",8} {"J/token %",10}");
        foreach (PointResult result in records)
        {
            string latency = $"{Error(result, PointMetric.Ttft),8} {Error(result, PointMetric.Tbt),8}";
            string throughput = $"{Error(result, PointMetric.Throughput),10}";
            string energy = $"{Error(result, PointMetric.Watts),8} {Error(result, PointMetric.JoulesPerToken),10}";
            output.WriteLine(TerminalTable.Clean($"{result.Point.Id,-40} {latency} {throughput} {energy}{Mark(result)}"));
        }

        output.WriteLine();
    }

    private static string Mark(PointResult result) => result.Point.IsForCalibration ? "  fitted" : "";

    /// <summary>The error of a metric in percent with its sign; a dash if the metric cannot be compared.</summary>
    private static string Error(PointResult result, PointMetric metric) => result.Compares(metric)
        ? (100 * result.ErrorRatio(metric)).ToString("+0.0;-0.0", CultureInfo.InvariantCulture)
        : "-";
}
