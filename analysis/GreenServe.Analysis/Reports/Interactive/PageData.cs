using System.Text.Json.Serialization;
using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>
/// What the script of a page reads: figures, pictures, tables and settings. Each part of the page that needs data adds it while the part
/// is written, so that text and data cannot differ.
/// </summary>
internal sealed class PageData
{
    private readonly Dictionary<string, Figure> figures = [];
    private readonly Dictionary<string, string> pictures = [];
    private readonly Dictionary<string, PageTable> tables = [];

    /// <summary>The figures by the names under which they stand on the page.</summary>
    internal IReadOnlyDictionary<string, Figure> Figures => figures;

    /// <summary>The pictures of the figures as SVG, by the same names; a figure without a picture is not among them.</summary>
    internal IReadOnlyDictionary<string, string> Pictures => pictures;

    /// <summary>The tables that the script makes when a reader opens them, by the ids of their elements.</summary>
    internal IReadOnlyDictionary<string, PageTable> Tables => tables;

    /// <summary>The questions of the report with their settings; <c>null</c> on a page without a question.</summary>
    internal PageQuestions? Questions { get; set; }

    /// <summary>Adds a figure and its picture.</summary>
    internal void Add(string name, Figure figure, string? svg)
    {
        figures.Add(name, figure);
        if (svg is not null)
        {
            pictures.Add(name, svg);
        }
    }

    /// <summary>Adds a table.</summary>
    internal void Add(string id, PageTable table) => tables.Add(id, table);
}

/// <summary>A table as the page's script reads it.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, a cell for each column.</param>
internal sealed record PageTable(string Caption, IReadOnlyList<PageColumn> Columns, IReadOnlyList<IReadOnlyList<PageCell>> Rows);

/// <summary>A column of a table on the page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Name">Its name in the CSV file.</param>
internal sealed record PageColumn(string Title, string Name);

/// <summary>A cell of a table on the page. Nothing in it is escaped: the script writes it as text.</summary>
/// <param name="Text">What a reader sees.</param>
internal sealed record PageCell(string Text)
{
    /// <summary>The number as it stands in the CSV file; <c>null</c> for text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>Lower end of the number's interval as it stands in the CSV file; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Low { get; init; }

    /// <summary>Upper end of the number's interval as it stands in the CSV file; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? High { get; init; }

    /// <summary>What a simulated number may be off by, in words; <c>null</c> where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Band { get; init; }

    /// <summary>Smaller text below; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>Class of the cell's element; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Style { get; init; }

    /// <summary>Why there is no number; <c>null</c> where there is one or the reason is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Why { get; init; }

    /// <summary>Class of a cell without a value.</summary>
    internal const string Absent = "absent";
}
