using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>The short form of an advice, for terminals and pull requests.</summary>
internal static class AdviceMarkdown
{
    /// <summary>Writes the short form.</summary>
    /// <param name="document">The advice.</param>
    /// <param name="tables">The tables beside it.</param>
    /// <param name="figures">The figures beside it.</param>
    internal static string Of(AdviceDocument document, IReadOnlyList<ResultTable> tables, IReadOnlyList<AdviceFigure> figures)
    {
        StringBuilder page = new("# GreenServe advice\n\n");
        AdvisedSetting? first = AdviceText.Shown(document);
        string evidence = first is null ? "" : $"**{EnumText.Of(first.Evidence)}**: ";
        foreach ((int index, string sentence) in document.Sentences.Index())
        {
            page.Append("- ").Append(index == 0 ? evidence : "").Append(Escape(sentence)).Append('\n');
        }

        AppendList(page, "Warnings", document.Warnings);
        AppendList(page, "Question", AdviceHtml.Question(document).Select(item => $"{item.Name}: {item.Value}"));
        AppendSettings(page, "Finalists", [.. MarkedSetting.Finalists(document)]);
        AppendSettings(page, "Beside them", [.. MarkedSetting.References(document)]);
        AppendSettings(page, "Measured settings", [.. document.Measured.Select(setting => new MarkedSetting(setting, "", document))]);
        AppendList(page, "What a looser limit buys", document.Relaxations.Select(looser =>
            $"{LimitText.NameOf(looser.Metric, looser.Percentile, looser.Classes)}, {AdvicePageText.Looser(looser)}: "
            + $"saves {AdvicePageText.Share(looser.SavingRatio)} with {looser.Setting}"));
        AppendList(page, "Knobs one at a time", document.Sensitivities.Select(knob =>
            $"{SettingText.NameOf(knob.Axis)}: up to {AdvicePageText.Change(knob.SpanRatio)} within the SLO"));
        AppendList(page, "Edges of the grid", document.Edges.Select(AdviceWarnings.Edge));
        AppendList(page, "Capacity (simulated)", document.Capacity is { } capacity
            ? [.. CapacityText.Sentences(capacity), .. capacity.Notes]
            : []);
        if (document.Verification is { } verification)
        {
            AppendList(page, $"Verification ({string.Join(", ", AdvicePageText.Evidence(verification))})", [verification.Finding]);
        }

        AppendList(page, "Search", [AdvicePageText.Search(document.Search)]);
        foreach (AdviceFigure figure in figures)
        {
            page.Append("\n![").Append(Escape(figure.Drawing.TextAlternative)).Append("](").Append(ArtifactCaption.Folder).Append('/')
                .Append(figure.Name).Append(".svg)\n");
        }

        return page.Append("\nTables: ").AppendJoin(", ", tables.Select(table =>
            $"[{table.Name}.csv]({ArtifactCaption.Folder}/{table.Name}.csv)")).Append('\n').ToString();
    }

    private static void AppendList(StringBuilder page, string title, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length > 0)
        {
            page.Append("\n## ").Append(title).Append("\n\n");
            foreach (string item in all)
            {
                page.Append("- ").Append(Escape(item)).Append('\n');
            }
        }
    }

    private static void AppendSettings(StringBuilder page, string title, MarkedSetting[] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        AdviceDocument document = rows[0].Document;
        bool isJoules = document.Objective == AdviceObjective.Joules;
        IReadOnlyList<string> limits = AdviceSettings.LimitsOf(rows);
        string[] titles =
        [
            "Evidence", "Setting", "Role", .. isJoules ? Array.Empty<string>() : [AdvicePageText.ObjectiveUnit(document)],
            "J/token", "J/request", "W", .. limits, "Probability of the least", "Above the recommended",
        ];
        page.Append("\n## ").Append(title).Append("\n\n| ").AppendJoin(" | ", titles.Select(Escape)).Append(" |\n|")
            .Append(string.Concat(Enumerable.Repeat("---|", titles.Length))).Append('\n');
        foreach (MarkedSetting row in rows)
        {
            AdvisedSetting setting = row.Setting;
            string[] cells =
            [
                EnumText.Of(setting.Evidence), setting.Words, setting.IsTied ? $"{row.Role}, tied" : row.Role,
                .. isJoules ? Array.Empty<string>() : [Number(setting.ObjectiveValue)], Number(setting.JoulesPerOutputToken),
                Number(setting.JoulesPerRequest), Number(setting.MeanWatts),
                .. limits.Select(name => setting.Limits.FirstOrDefault(limit => LimitText.NameOf(limit) == name) is { } limit
                    ? AdvicePageText.Found(limit) : "not tested"),
                setting.LeastProbability is { } probability ? AdviceText.Probability(probability) : "not worked out",
                setting.ExcessRatio is { } excess ? AdvicePageText.Change(excess) : "–",
            ];
            page.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");
        }
    }

    private static string Number(double? value) => value is { } known ? NumberText.Of(known) : "not measured";

    private static string Escape(string text) => MarkdownText.Escape(text);
}
