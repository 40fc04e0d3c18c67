using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Reports;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>The page of a comparison: one HTML file that needs no network, the verdict first.</summary>
internal static class ComparisonHtml
{
    private const string Title = "GreenServe comparison";

    private static readonly (string Id, string Title)[] Sections =
    [
        ("verdict", "Verdict"), ("differs", "What differs"), ("changes", "Every metric"), ("charts", "Charts"),
        ("points", "Operating points"), ("invalid", "Invalid runs"), ("files", "Files"),
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="sets">The sets, the baseline first.</param>
    /// <param name="tables">The tables beside the page.</param>
    /// <param name="figures">The figures beside the page.</param>
    internal static string Of(IReadOnlyList<ComparedSet> sets, IReadOnlyList<ResultTable> tables, IReadOnlyList<ComparisonFigure> figures)
    {
        StringBuilder page = new();
        PageData data = new();
        HtmlPage.AppendStart(page, Title, "verdict", "Skip to the verdict");
        foreach ((string id, string title) in Sections)
        {
            page.Append("<section id=\"").Append(id).Append("\"><h2>").Append(title).Append("</h2>\n");
            AppendSection(page, data, id, sets, tables, figures);
            page.Append("</section>\n");
        }

        HtmlPage.AppendEnd(page, data, [.. Sections.Select(section => new PageSection(section.Id, section.Title))]);
        return page.ToString();
    }

    private static void AppendSection(
        StringBuilder page,
        PageData data,
        string id,
        IReadOnlyList<ComparedSet> sets,
        IReadOnlyList<ResultTable> tables,
        IReadOnlyList<ComparisonFigure> figures)
    {
        switch (id)
        {
            case "verdict":
                AppendVerdict(page, sets);
                break;
            case "differs":
                AppendDifferences(page, sets);
                break;
            case "changes":
                AppendChanges(page, sets);
                break;
            case "charts":
                AppendCharts(page, data, figures);
                break;
            case "points":
                AppendPoints(page, sets);
                break;
            case "invalid":
                AppendInvalid(page, sets);
                break;
            case "files":
                AppendFiles(page, tables, figures);
                break;
        }
    }

    private static void AppendVerdict(StringBuilder page, IReadOnlyList<ComparedSet> sets)
    {
        page.Append("<p class=\"question\">What changed from ").Append(HtmlText.Escape(sets[0].Name)).Append(", the baseline, to ")
            .Append(HtmlText.Escape(string.Join(" and ", sets.Skip(1).Select(set => set.Name)))).Append("?</p>\n");
        foreach (ComparedSet set in sets.Skip(1))
        {
            ComparisonReport report = set.Report!;
            page.Append("<p class=\"headline\">").Append(HtmlTable.Badge(set.Evidence)).Append(' ')
                .Append(HtmlText.Escape($"{set.Name}: {report.Summary}")).Append("</p>\n");
            AppendList(page, [.. report.Lost.Select(lost => $"lost: {lost}"), .. report.Notes]);
        }

        foreach (ComparedSet set in sets.Where(set => set.Invalid.Any()))
        {
            int invalid = set.Invalid.Count();
            page.Append("<p class=\"warning\">").Append(HtmlText.Escape(
                $"{invalid} of {set.Runs.Count} runs of {set.Name} {(invalid == 1 ? "is" : "are")} INVALID, in no number and in no chart."))
                .Append("</p>\n");
        }

        MetricOverview.Append(page, sets);
        page.Append("<p>").Append(HtmlText.Escape(sets[1].Report!.Basis))
            .Append(" A change counts only where it is certain and at least as large as its threshold.</p>\n<dl class=\"facts\">");
        foreach ((int index, ComparedSet set) in sets.Index())
        {
            string Distinct(Func<Grids.ExperimentRun, string> read) => string.Join(", ", CaptionWriter.Distinct(set.Runs, read));
            string facts = $"{Distinct(run => run.System)}; {Distinct(run => run.Engine)}; {Distinct(run => run.Metrics.Manifest.Model)}; "
                + $"workload {Distinct(run => run.Metrics.Manifest.WorkloadName)}; {set.Runs.Count} runs, {set.Evidence}";
            page.Append("<dt>").Append(HtmlText.Escape(index == 0 ? $"{set.Name} (baseline)" : set.Name)).Append("</dt><dd>")
                .Append(HtmlText.Escape(facts)).Append("</dd>");
        }

        page.Append("</dl>\n");
    }

    private static void AppendDifferences(StringBuilder page, IReadOnlyList<ComparedSet> sets)
    {
        IGrouping<string, SetValue>[] rows = [.. ComparisonTables.DifferencesOf(sets).GroupBy(row => row.What)];
        if (rows.Length == 0)
        {
            page.Append("<p>Nothing beside the results: settings and versions are the same at the common points.</p>\n");
            return;
        }

        new HtmlGrid<IGrouping<string, SetValue>>(
        [
            ("What", row => new HtmlCell(row.Key)),
            .. sets.Select<ComparedSet, (string, Func<IGrouping<string, SetValue>, HtmlCell>)>(
                set => (set.Name, row => new HtmlCell(row.First(value => value.Set == set.Name).Value))),
        ]).Append(page, "table-differs", "Settings, workload and versions that differ at the common points", rows);
    }

    private static void AppendChanges(StringBuilder page, IReadOnlyList<ComparedSet> sets)
    {
        IReadOnlyList<ChangeRow> all = ComparisonTables.ChangesOf(sets);
        ChangeRow[] notable = [.. all.Where(row => row.Change.Verdict is ChangeVerdict.Better or ChangeVerdict.Worse)];
        if (notable.Length == 0)
        {
            page.Append("<p>No metric changed for certain and by as much as matters.</p>\n");
        }
        else
        {
            Append(page, GridOf(sets), "table-notable", "Metrics that became better or worse", notable, ComparisonTables.Changes);
        }

        ChangeRow[] others = [.. all.Except(notable)];
        page.Append("<details").Append(notable.Length == 0 ? " open" : "").Append("><summary>")
            .Append(HtmlText.Escape($"{others.Length} without a change that matters")).Append("</summary>\n");
        Append(page, GridOf(sets), "table-others", "Metrics without a change that matters", others, ComparisonTables.Changes);
        page.Append("</details>\n");
    }

    /// <summary>Appends a table, cut where it is too long to read, with the name of the file that has all of it.</summary>
    private static void Append<TRow>(
        StringBuilder page, HtmlGrid<TRow> grid, string id, string caption, IReadOnlyList<TRow> rows, string file)
    {
        grid.Append(page, id, caption, [.. rows.Take(HtmlTable.MaxRows)]);
        if (rows.Count > HtmlTable.MaxRows)
        {
            page.Append("<p>").Append(HtmlText.Escape(FormattableString.Invariant(
                $"The first {HtmlTable.MaxRows} of {rows.Count} rows are shown; {file}.csv has all."))).Append("</p>\n");
        }
    }

    private static HtmlGrid<ChangeRow> GridOf(IReadOnlyList<ComparedSet> sets)
    {
        List<(string Title, Func<ChangeRow, HtmlCell> Read)> columns =
        [
            ("Metric", row => new HtmlCell(row.Change.Metric.Metric.Title)
            {
                Note = row.Change.Point.Length > 0 ? row.Change.Point : null,
            }),
            ("Baseline", row => MeanOf(row.Change, row.Change.Baseline)),
            ("Candidate", row => MeanOf(row.Change, row.Change.Candidate)),
            ("Change with 95 % interval", row => new HtmlCell(ComparisonText.Effect(row.Change))
            {
                Value = row.Change.Effect,
                IsAbsent = row.Change.Effect is null,
            }),
            ("Verdict", row => new HtmlCell(ComparisonText.Verdict(row.Change))
            {
                Style = row.Change.Verdict switch
                {
                    ChangeVerdict.Better => "pass",
                    ChangeVerdict.Worse => "fail",
                    _ => null,
                },
            }),
            ("Runs", row => new HtmlCell($"{row.Change.Repetitions.Baseline}, {row.Change.Repetitions.Candidate}")),
            ("p, corrected", row => new HtmlCell(ComparisonText.PValue(row.Change.AdjustedPValue)) { Value = row.Change.AdjustedPValue }),
        ];
        if (sets.Count > 2)
        {
            columns.Insert(1, ("Set", row => new HtmlCell(row.Candidate)));
        }

        return new HtmlGrid<ChangeRow>(columns);
    }

    private static HtmlCell MeanOf(MetricChange change, double? value) => value is null
        ? new HtmlCell("not measured") { IsAbsent = true }
        : new HtmlCell(ComparisonText.Mean(change.Metric.Metric, value)) { Value = value };

    private static void AppendCharts(StringBuilder page, PageData data, IReadOnlyList<ComparisonFigure> figures)
    {
        if (figures.Count == 0)
        {
            page.Append("<p>There is no chart: the sets share no axis with two places, and no two of them have valid single runs.</p>\n");
        }

        foreach (ComparisonFigure figure in figures)
        {
            page.Append("<h3>").Append(HtmlText.Escape(figure.Drawing.Title)).Append("</h3>\n<p class=\"question\">")
                .Append(HtmlText.Escape(figure.Question)).Append("</p>\n");
            HtmlFigure.Append(page, data, figure.Name, figure.Drawing, FigureRenderer.Svg(figure.Drawing));
        }
    }

    private static void AppendPoints(StringBuilder page, IReadOnlyList<ComparedSet> sets)
    {
        IGrouping<string, PointRow>[] points = [.. ComparisonTables.PointsOf(sets).GroupBy(row => row.Point)];
        int lone = points.Count(point => !point.First().IsCommon);
        page.Append("<p>").Append(HtmlText.Escape(lone == 0
            ? $"Every set has all {points.Length} points."
            : $"{lone} of {points.Length} points {(lone == 1 ? "is" : "are")} not in every set and come first. A point has no verdict "
                + "where the baseline or the other set lacks it.")).Append("</p>\n");
        HtmlGrid<IGrouping<string, PointRow>> grid = new(
        [
            ("Point", point => new HtmlCell(point.Key)),
            .. sets.Select<ComparedSet, (string, Func<IGrouping<string, PointRow>, HtmlCell>)>(
                set => (set.Name, point => RunsOf(point.FirstOrDefault(row => row.Set == set.Name)))),
        ]);
        Append(page, grid, "table-points", "Valid runs of each set at each operating point", points, ComparisonTables.Points);
    }

    private static HtmlCell RunsOf(PointRow? row) => row is null
        ? new HtmlCell("no run") { IsAbsent = true }
        : new HtmlCell(FormattableString.Invariant($"{row.Valid}"))
        {
            Value = row.Valid,
            Note = row.Invalid > 0 ? $"{row.Invalid} more INVALID" : null,
        };

    private static void AppendInvalid(StringBuilder page, IReadOnlyList<ComparedSet> sets)
    {
        IReadOnlyList<InvalidRow> rows = ComparisonTables.InvalidOf(sets);
        if (rows.Count == 0)
        {
            page.Append("<p>Every run of every set is VALID.</p>\n");
            return;
        }

        HtmlGrid<InvalidRow> grid = new(
        [
            ("Run", row => new HtmlCell(row.Run.Name)),
            ("Set", row => new HtmlCell(row.Set)),
            ("Verdict", row => new HtmlCell(row.Verdict)),
        ]);
        Append(page, grid, "table-invalid", "Runs that are in no number and no chart", rows, ComparisonTables.InvalidRuns);
    }

    private static void AppendFiles(StringBuilder page, IReadOnlyList<ResultTable> tables, IReadOnlyList<ComparisonFigure> figures) =>
        page.Append("<p class=\"files\">")
            .Append(HtmlText.ArtifactLinks(tables.Select(table => table.Name), figures.Select(figure => figure.Name))).Append("</p>\n");

    private static void AppendList(StringBuilder page, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            page.Append("<ul>").AppendJoin("", lines.Select(line => $"<li>{HtmlText.Escape(line)}</li>")).Append("</ul>\n");
        }
    }
}
