using System.Text.Json;
using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// Writes an artifact's files: <c>NAME.csv</c>, derived tables, <c>NAME.png</c>, <c>NAME.svg</c>, <c>NAME.column.svg</c> (for a paper),
/// <c>NAME.tex</c>, <c>NAME.json</c>, <c>NAME.md</c>.
/// </summary>
internal static class ArtifactWriter
{
    /// <summary>Builds and writes one artifact from the runs of its experiment.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="runs">The runs; at least one.</param>
    /// <param name="folder">An existing folder; files of the same name are replaced.</param>
    /// <returns>The caption.</returns>
    /// <exception cref="InvalidInputException">The runs lack an axis of the artifact, or contradict each other.</exception>
    public static ArtifactCaption Write(Artifact artifact, IReadOnlyList<ExperimentRun> runs, string folder)
    {
        RequireAxes(artifact, runs);
        ResultTable main = GridTable.Of(artifact.Name, runs, artifact.Axes);
        ArtifactCaption caption = Write(artifact, runs, main, folder);
        foreach (Artifact companion in artifact.Companions)
        {
            if (companion.Draw(main).Panels.Any(panel => !panel.IsEmpty))
            {
                Write(companion, runs, main, folder);
            }
        }

        foreach (RunCompanion companion in artifact.RunCompanions)
        {
            FigureContent content = companion.Draw(runs);
            if (content.Panels.Any(panel => !panel.IsEmpty))
            {
                ResultTable[] tables = [FigureTable.Of(companion.Name, content.Panels)];
                ArtifactTitle title = new(companion.Name, companion.Title, companion.Question);
                WriteFiles(CaptionWriter.Build(title, runs, tables, content), tables, folder);
            }
        }

        return caption;
    }

    /// <summary>Writes the table and the figures of runs that belong to no experiment.</summary>
    /// <param name="runs">The runs; at least one.</param>
    /// <param name="folder">An existing folder; files of the same name are replaced.</param>
    public static void WriteRuns(IReadOnlyList<ExperimentRun> runs, string folder)
    {
        ResultTable[] tables = [RunsTable.Of(runs)];
        WriteFiles(CaptionWriter.Build(RunFigures.DistributionsTitle, runs, tables, RunFigures.Distributions(runs)), tables, folder);
        FigureContent power = RunFigures.Power(runs);
        if (power.Panels.Count > 0)
        {
            WriteFiles(CaptionWriter.Build(RunFigures.PowerTitle, runs, tables, power), [], folder);
        }
    }

    private static ArtifactCaption Write(Artifact artifact, IReadOnlyList<ExperimentRun> runs, ResultTable main, string folder)
    {
        ResultTable[] tables = [main, .. artifact.Derive(main)];
        ArtifactTitle title = new(artifact.Name, artifact.Title, artifact.Question);
        ArtifactCaption caption = CaptionWriter.Build(title, runs, tables, artifact.Draw(main));
        WriteFiles(caption, tables, folder);
        return caption;
    }

    internal static void WriteFiles(ArtifactCaption caption, ResultTable[] tables, string folder)
    {
        foreach (ResultTable table in tables)
        {
            TableFile.Write(Path.Combine(folder, $"{table.Name}.csv"), table);
        }

        byte[] png = FigureRenderer.Png(caption.Figure);
        OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.png"), stream => stream.Write(png));
        OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.svg"), FigureRenderer.Svg(caption.Figure));
        if (FigureRenderer.ColumnSvg(caption.Figure) is { } column)
        {
            OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.column.svg"), column);
        }

        if (tables.Length > 0 && TableText.CanShow(tables[0]))
        {
            OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.tex"), TableText.Latex(tables[0], caption));
        }

        OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.md"), CaptionWriter.Markdown(caption, tables));

        // Last, so that a caption never names a file that is not there.
        string json = JsonSerializer.Serialize(caption, DocumentContract.Indented);
        OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.json"), json + "\n");
    }

    private static void RequireAxes(Artifact artifact, IReadOnlyList<ExperimentRun> runs)
    {
        string allowed = $"the axes of {artifact.Name}: {string.Join(", ", artifact.Axes)}";
        Problem[] problems = [.. runs
            .Select(run => (run.Folder, Missing: artifact.Axes.Where(axis => !HasPlace(run, axis)).ToArray()))
            .Where(run => run.Missing.Length > 0)
            .Select(run => new Problem(
                "$.experiment.coordinates",
                $"no {string.Join<GridAxis>(", ", run.Missing)}",
                allowed,
                Path.Combine(run.Folder, RunFiles.Manifest)))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
    private static bool HasPlace(ExperimentRun run, GridAxis axis) =>
        run.Coordinates.ContainsKey(axis.Name) || GridRow.PlaceOf(run, axis) is not null;
}
