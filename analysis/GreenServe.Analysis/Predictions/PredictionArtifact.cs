using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Records;

namespace GreenServe.Analysis.Predictions;

/// <summary>The artifact that holds the simulator against measured points: error table, points and figure, for the report.</summary>
public static class PredictionArtifact
{
    /// <summary>Its name, and that of its error table.</summary>
    public const string Name = "simulator-errors";

    /// <summary>What of it depends on the points.</summary>
    /// <param name="Figure">Predicted against measured.</param>
    /// <param name="Errors">Errors by group; a table called <see cref="Name"/>.</param>
    /// <param name="Points">Every point.</param>
    /// <param name="Systems">Accelerators.</param>
    /// <param name="Models">Models.</param>
    /// <param name="Engines">Engine profiles.</param>
    /// <param name="Sources">Who measured.</param>
    /// <param name="Simulated">Points simulated.</param>
    /// <param name="Skipped">Points skipped.</param>
    /// <param name="SuiteVersion">Version of the suite.</param>
    public sealed record Content(
        Figure Figure,
        ResultTable Errors,
        ResultTable Points,
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
        string folder = Path.Combine(outputFolder, AnalysisOutput.ArtifactsFolder);
        OutputFolder.Create(folder);
        ResultTable[] tables = [content.Errors, content.Points];
        ArtifactWriter.WriteFiles(
            new ArtifactCaption
            {
                Name = Name,
                Title = "How right the simulator is",
                Question = "How far is the simulator from published measurements, on points that its constants were fitted to and on points that they were not?",
                Evidence = ["simulated", "measured"],
                Systems = content.Systems,
                Models = content.Models,
                Engines = content.Engines,
                Workloads = content.Sources,
                WorkloadHashes = [],
                Seeds = [],
                Runs = content.Simulated + content.Skipped,
                InvalidRuns = content.Skipped,
                ErrorBars = "No error bars: sources publish one value a point.",
                Energy = "Joules: accelerators alone.",
                Windows = ["as the source measures"],
                SuiteVersions = [content.SuiteVersion],
                Tables = [.. tables.Select(table => $"{table.Name}.csv")],
                Figure = content.Figure,
            },
            tables,
            folder);
    }
}
