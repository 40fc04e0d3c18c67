using System.Text.Json;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Writes an artifact's files: <c>NAME.csv</c>, derived tables, <c>NAME.png</c>, <c>NAME.svg</c>, <c>NAME.column.svg</c>
/// (for a paper), <c>NAME.tex</c>, <c>NAME.json</c>, <c>NAME.md</c>.</summary>
public static class ArtifactWriter
{
    /// <summary>Builds and writes one artifact from the runs of its experiment.</summary>
    /// <param name="artifact">Which.</param>
    /// <param name="runs">The runs; at least one.</param>
    /// <param name="folder">An existing folder; files of the same name are replaced.</param>
    /// <returns>The caption.</returns>
    /// <exception cref="InvalidInputException">The runs lack an axis of the artifact, or contradict each other.</exception>
    public static ArtifactCaption Write(Artifact artifact, IReadOnlyList<ExperimentRun> runs, string folder)
    {
        RequireAxes(artifact, runs);
        ResultTable main = GridTable.Of(artifact.Name, runs);
        ArtifactCaption caption = Write(artifact, runs, main, folder);
        foreach (Artifact companion in artifact.Companions)
        {
            Write(companion, runs, main, folder);
        }

        foreach (RunCompanion companion in artifact.RunCompanions)
        {
            FigureContent content = companion.Draw(runs);
            if (content.Panels.Count > 0)
            {
                ResultTable[] tables = [FigureTable.Of(companion.Name, content.Panels)];
                WriteFiles(CaptionWriter.Build(companion.Name, companion.Title, companion.Question, runs, tables, content), tables, folder);
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
        WriteFiles(CaptionWriter.Build(RunFigures.Name, "Runs", "How fast were the requests served, and where did the energy go?", runs, tables, RunFigures.Distributions(runs)), tables, folder);
        FigureContent power = RunFigures.Power(runs);
        if (power.Panels.Count > 0)
        {
            WriteFiles(CaptionWriter.Build(RunFigures.PowerName, "Power over time", "What did each phase of a run draw?", runs, tables, power), [], folder);
        }
    }

    private static ArtifactCaption Write(Artifact artifact, IReadOnlyList<ExperimentRun> runs, ResultTable main, string folder)
    {
        ResultTable[] tables = [main, .. artifact.Derive(main)];
        ArtifactCaption caption = CaptionWriter.Build(artifact.Name, artifact.Title, artifact.Question, runs, tables, artifact.Draw(tables));
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
        OutputFile.Replace(Path.Combine(folder, $"{caption.Name}.json"), JsonSerializer.Serialize(caption, DocumentContract.Indented) + "\n");
    }

    private static void RequireAxes(Artifact artifact, IReadOnlyList<ExperimentRun> runs)
    {
        Problem[] problems = [.. runs
            .Select(run => (run, Missing: artifact.Axes.Where(axis => !run.Coordinates.ContainsKey(axis) && GridTable.Coordinate(run, axis) is null).ToArray()))
            .Where(pair => pair.Missing.Length > 0)
            .Select(pair => new Problem(
                "$.experiment.coordinates", $"no {string.Join(", ", pair.Missing)}",
                $"the axes of {artifact.Name}: {string.Join(", ", artifact.Axes)}", Path.Combine(pair.run.Folder, RunFiles.Manifest)))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
