using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;
using GreenServe.Records;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>Writes a comparison of sets of records for readers: a page, and the figures and tables behind it.</summary>
public static class ComparisonPage
{
    /// <summary>Name of the page.</summary>
    public const string FileName = "comparison.html";

    /// <summary>
    /// Writes <c>comparison.html</c>, and into the folder <c>artifacts</c> each figure as PNG and SVG and each table as CSV. Files of the
    /// same names are replaced.
    /// </summary>
    /// <param name="sets">The sets; the first is the baseline, the others have a report.</param>
    /// <param name="folder">The folder; made if missing.</param>
    /// <exception cref="InvalidInputException">The folder cannot be written to, or the sets do not fit together.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static void Write(IReadOnlyList<ComparedSet> sets, string folder)
    {
        IReadOnlyList<ComparisonFigure> figures = ComparisonFigure.AllOf(sets);
        ResultTable[] tables = [.. ComparisonTables.Of(sets), .. figures.Select(figure => figure.Table).DistinctBy(table => table.Name)];
        string files = Path.Combine(folder, ArtifactCaption.Folder);
        OutputFolder.Create(files);
        foreach (ResultTable table in tables)
        {
            TableFile.Write(Path.Combine(files, $"{table.Name}.csv"), table);
        }

        foreach (ComparisonFigure figure in figures)
        {
            PredictionFigure.Write(figure.Drawing, files, figure.Name);
        }

        OutputFile.Replace(Path.Combine(folder, FileName), ComparisonHtml.Of(sets, tables, figures));
    }
}
