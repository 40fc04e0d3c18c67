using System.Text.Json;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Writes an artifact's files: <c>NAME.csv</c>, derived tables, <c>NAME.png</c>, <c>NAME.svg</c>, <c>NAME.json</c>, <c>NAME.md</c>.</summary>
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
        ResultTable[] tables = [main, .. artifact.Derive(main)];
        ArtifactCaption caption = Caption(artifact, runs, tables);
        foreach (ResultTable table in tables)
        {
            TableFile.Write(Path.Combine(folder, $"{table.Name}.csv"), table);
        }

        byte[] png = FigureRenderer.Png(caption.Figure);
        OutputFile.Replace(Path.Combine(folder, $"{artifact.Name}.png"), stream => stream.Write(png));
        OutputFile.Replace(Path.Combine(folder, $"{artifact.Name}.svg"), FigureRenderer.Svg(caption.Figure));
        OutputFile.Replace(Path.Combine(folder, $"{artifact.Name}.md"), CaptionWriter.Markdown(caption));

        // Last, so that a caption never names a file that is not there.
        OutputFile.Replace(Path.Combine(folder, $"{artifact.Name}.json"), JsonSerializer.Serialize(caption, DocumentContract.Indented) + "\n");
        return caption;
    }

    private static ArtifactCaption Caption(Artifact artifact, IReadOnlyList<ExperimentRun> runs, ResultTable[] tables)
    {
        FigureContent content = artifact.Draw(tables);
        double[] repetitions = [.. Enumerable.Range(0, tables[0].Rows.Count).Select(row => tables[0].Number(row, "repetitions")).OfType<double>()];
        string errorBars = CaptionWriter.ErrorBars(repetitions, content.Panels);
        return new ArtifactCaption
        {
            Name = artifact.Name,
            Title = artifact.Title,
            Question = artifact.Question,
            Evidence = CaptionWriter.Distinct(runs, run => EnumText.Of(run.Metrics.Manifest.Evidence)),
            Systems = CaptionWriter.Distinct(runs, run => run.System),
            Models = CaptionWriter.Distinct(runs, run => $"{run.Metrics.Manifest.Model} ({EnumText.Of(run.Metrics.Manifest.Knobs.Precision)})"),
            Engines = CaptionWriter.Distinct(runs, CaptionWriter.EngineOf),
            Workloads = CaptionWriter.Distinct(runs, run => run.Metrics.Manifest.WorkloadName),
            WorkloadHashes = CaptionWriter.Distinct(runs, run => run.Metrics.Manifest.WorkloadSha256),
            Seeds = [.. runs.Select(run => run.Metrics.Manifest.Seed).Distinct().Order()],
            Runs = runs.Count,
            InvalidRuns = runs.Count(run => !run.Metrics.IsValid),
            ErrorBars = errorBars,
            Energy = CaptionWriter.Energy(runs),
            Windows = CaptionWriter.Distinct(runs, run => run.Metrics.Window?.Rule ?? $"none: {run.Metrics.NoWindow}"),
            SuiteVersions = CaptionWriter.Distinct(runs, run => run.Metrics.Manifest.Environment.SuiteVersion),
            Tables = [.. tables.Select(table => $"{table.Name}.csv")],
            Figure = new Figure
            {
                Title = artifact.Title,
                Subtitle = CaptionWriter.Subtitle(runs),
                Note = string.Join(' ', new[] { errorBars, content.Note }.Where(text => text.Length > 0)),
                Panels = content.Panels,
                Columns = content.Columns,
                PanelHeight = content.PanelHeight,
                TextAlternative = FigureDescription.Of(content.Panels),
            },
        };
    }

    private static void RequireAxes(Artifact artifact, IReadOnlyList<ExperimentRun> runs)
    {
        Problem[] problems = [.. runs
            .Select(run => (run, Missing: artifact.Axes.Where(axis => !run.Coordinates.ContainsKey(axis)).ToArray()))
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
