using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The artifact that holds the simulator against measured points: error table, points and figure, for the report.</summary>
public static class PredictionArtifact
{
    /// <summary>Name of the artifact, and of its error table, where it speaks of published points.</summary>
    public const string Name = "simulator-errors";

    /// <summary>
    /// Name of the artifact, and of its error table, where it speaks of the suite's own runs and the simulator calibrated on part of them.
    /// </summary>
    public const string TwinName = "twin-errors";

    /// <summary>The content of a prediction artifact: everything that depends on the points.</summary>
    /// <param name="IsTwin">Whether it speaks of the suite's own runs.</param>
    /// <param name="Figure">Predicted against measured.</param>
    /// <param name="Errors">Errors by group; a table called like the artifact.</param>
    /// <param name="Points">Every point.</param>
    /// <param name="Ratios">What the ratio of two predictions that differ in one knob may be off by.</param>
    /// <param name="Systems">Accelerators.</param>
    /// <param name="Models">Models.</param>
    /// <param name="Engines">Engine profiles.</param>
    /// <param name="Sources">Who measured.</param>
    /// <param name="Simulated">Points simulated.</param>
    /// <param name="Skipped">Points skipped.</param>
    /// <param name="SuiteVersion">Version of the suite.</param>
    public sealed record Content(
        bool IsTwin,
        Figure Figure,
        ResultTable Errors,
        ResultTable Points,
        ResultTable Ratios,
        IReadOnlyList<string> Systems,
        IReadOnlyList<string> Models,
        IReadOnlyList<string> Engines,
        IReadOnlyList<string> Sources,
        int Simulated,
        int Skipped,
        string SuiteVersion);

    /// <summary>Writes its files among the other artifacts of an output folder.</summary>
    /// <param name="content">What it holds.</param>
    /// <param name="outputFolder">The output folder of a report; made if missing.</param>
    public static void Write(Content content, string outputFolder)
    {
        string folder = Path.Combine(outputFolder, ArtifactCaption.Folder);
        OutputFolder.Create(folder);
        ResultTable[] tables = [content.Errors, content.Points, content.Ratios];
        ArtifactWriter.WriteFiles(
            new ArtifactCaption
            {
                Name = content.IsTwin ? TwinName : Name,
                Title = content.IsTwin ? "How right the calibrated twin is" : "How right the simulator is",
                Question = content.IsTwin
                    ? "How far is the simulator from the measured runs of this report, "
                        + "on those that it was calibrated on and on those held out?"
                    : "How far is the simulator from published measurements, "
                        + "on points that its constants were fitted to and on points that they were not?",
                Evidence = [EnumText.Of(EvidenceKind.Simulated), EnumText.Of(EvidenceKind.Measured)],
                Systems = content.Systems,
                Models = content.Models,
                Engines = content.Engines,
                Workloads = content.Sources,
                WorkloadHashes = [],
                Seeds = [],
                Runs = content.Simulated + content.Skipped,
                InvalidRuns = content.Skipped,
                ErrorBars = content.IsTwin
                    ? "No error bars: each run is a point of its own."
                    : "No error bars: sources publish one value a point.",
                Energy = "Joules: accelerators alone.",
                Windows = [content.IsTwin ? "while as many requests were served as the run meant to" : "as the source measures"],
                SuiteVersions = [content.SuiteVersion],
                Tables = [.. tables.Select(table => $"{table.Name}.csv")],
                Figure = content.Figure,
            },
            tables,
            folder);
    }
}
