using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;
using GreenServe.Records;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>Writes an advice for readers: a page, its short form as Markdown, and the figures and tables behind it.</summary>
public static class AdvicePage
{
    /// <summary>Name of the page.</summary>
    public const string FileName = "advice.html";

    /// <summary>Name of the short form.</summary>
    public const string MarkdownFileName = "advice.md";

    /// <summary>
    /// Writes <c>advice.html</c>, <c>advice.md</c>, and into the folder <c>artifacts</c> each figure as PNG and SVG and each table as CSV.
    /// Files of the same names are replaced.
    /// </summary>
    /// <param name="document">The advice.</param>
    /// <param name="folder">The folder; made if missing.</param>
    /// <exception cref="InvalidInputException">The folder cannot be written to.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static void Write(AdviceDocument document, string folder)
    {
        string files = Path.Combine(folder, ArtifactCaption.Folder);
        OutputFolder.Create(files);
        IReadOnlyList<ResultTable> tables = AdviceTables.Of(document);
        foreach (ResultTable table in tables)
        {
            TableFile.Write(Path.Combine(files, $"{table.Name}.csv"), table);
        }

        IReadOnlyList<AdviceFigure> figures = AdviceFigure.AllOf(document);
        foreach (AdviceFigure figure in figures)
        {
            PredictionFigure.Write(figure.Drawing, files, figure.Name);
        }

        OutputFile.Replace(Path.Combine(folder, MarkdownFileName), AdviceMarkdown.Of(document, tables, figures));
        OutputFile.Replace(Path.Combine(folder, FileName), AdviceHtml.Of(document, tables, figures));
    }
}
