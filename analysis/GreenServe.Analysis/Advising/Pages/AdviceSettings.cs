using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Reports;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>The tables of settings on the page of an advice: the finalists, what they are compared with, and what was measured.</summary>
internal static class AdviceSettings
{
    private const string NotMeasured = "not measured";

    /// <summary>Appends the finalists, what the recommended one is compared with, and what the columns lack.</summary>
    internal static void AppendFinalists(StringBuilder page, AdviceDocument document)
    {
        MarkedSetting[] finalists = [.. MarkedSetting.Finalists(document)];
        if (finalists.Length > 0)
        {
            GridOf(document, finalists).Append(page, "table-finalists", "Finalists, the recommended one first", finalists);
        }

        if (document.ProbabilityNote is { } probability)
        {
            page.Append("<p class=\"question\">").Append(HtmlText.Escape(probability)).Append("</p>\n");
        }

        MarkedSetting[] references = [.. MarkedSetting.References(document)];
        page.Append("<h3>Beside them</h3>\n");
        if (document.Cautious is null)
        {
            page.Append("<p>").Append(HtmlText.Escape(NoCautiousChoice(document))).Append("</p>\n");
        }

        if (references.Length > 0)
        {
            GridOf(document, references).Append(page, "table-references", "What the recommended setting is compared with", references);
        }

        foreach (string absent in Absent(document))
        {
            page.Append("<p class=\"question\">").Append(HtmlText.Escape(absent)).Append("</p>\n");
        }
    }

    /// <summary>Appends the settings that were measured, apart from everything that was simulated.</summary>
    internal static void AppendMeasured(StringBuilder page, AdviceDocument document)
    {
        foreach (string note in document.RecordNotes)
        {
            page.Append("<p>").Append(HtmlText.Escape(note)).Append("</p>\n");
        }

        if (document.Measured.Count == 0)
        {
            page.Append("<p>No measured records were given, or none of them is of this question.</p>\n");
            return;
        }

        MarkedSetting[] measured = [.. document.Measured.Select(setting => new MarkedSetting(setting, "", document))];
        page.Append("<p>These numbers come from records. They are never mixed with simulated ones.</p>\n");
        GridOf(document, measured).Append(page, "table-measured", "Measured settings", measured);
    }

    /// <summary>Why no setting is surely within the SLO.</summary>
    internal static string NoCautiousChoice(AdviceDocument document) => document.Slo is null
        ? "Cautious choice: none is needed without an SLO."
        : "Cautious choice: no setting that was tried meets the SLO at the far end of the error bands, or no error band is known.";

    /// <summary>What was not stated, so that no setting has a number for it.</summary>
    internal static IEnumerable<string> Absent(AdviceDocument document)
    {
        IReadOnlyList<MarkedSetting> all = MarkedSetting.All(document);
        if (all.All(item => item.Setting.CostPerMillionTokens is null))
        {
            yield return "Cost: not worked out, because no price was stated.";
        }

        if (all.All(item => item.Setting.GramsPerMillionTokens is null))
        {
            yield return "Carbon: not worked out, because no carbon intensity was stated.";
        }

        if (document.Slo is null)
        {
            yield return "Latency: no SLO was stated, so that no latency was held against a limit.";
        }
    }

    /// <summary>The limits that some settings were held against, in their order.</summary>
    internal static IReadOnlyList<string> LimitsOf(IEnumerable<MarkedSetting> rows) =>
        [.. rows.SelectMany(row => row.Setting.Limits).Select(LimitText.NameOf).Distinct()];

    private static HtmlGrid<MarkedSetting> GridOf(AdviceDocument document, IReadOnlyList<MarkedSetting> rows)
    {
        List<(string, Func<MarkedSetting, HtmlCell>)> columns =
        [
            ("Setting", row => Name(document, row)),
            ("Evidence", row => HtmlCell.Of(row.Setting.Evidence)),
        ];
        if (document.Objective == AdviceObjective.Joules)
        {
            columns.Add(("J/token", Joules));
        }
        else
        {
            string unit = AdvicePageText.ObjectiveUnit(document);
            columns.Add(($"Objective ({unit})", row => HtmlCell.Of(row.Setting.ObjectiveValue, "not known")));
            columns.Add(("J/token", Joules));
        }

        columns.Add(("J/request", row => HtmlCell.Of(row.Setting.JoulesPerRequest, NotMeasured)));
        columns.Add(("Mean power (W)", row => HtmlCell.Of(row.Setting.MeanWatts, NotMeasured)));
        columns.Add(("Output tokens/s", row => HtmlCell.Of(row.Setting.OutputTokensPerSecond, NotMeasured)));
        if (rows.Any(row => row.Setting.CostPerMillionTokens is not null))
        {
            columns.Add(($"{document.Currency}/million tokens",
                row => HtmlCell.Of(row.Setting.CostPerMillionTokens, "no price was stated")));
        }

        if (rows.Any(row => row.Setting.GramsPerMillionTokens is not null))
        {
            columns.Add(("gCO2e/million tokens",
                row => HtmlCell.Of(row.Setting.GramsPerMillionTokens, "no carbon intensity was stated")));
        }

        columns.AddRange(LimitsOf(rows).Select(name => (name, (Func<MarkedSetting, HtmlCell>)(row => Limit(row, name)))));
        columns.Add(("Probability that it is the least",
            row => HtmlCell.Worded(row.Setting.LeastProbability, AdviceText.Probability, "not worked out")));
        columns.Add(("Above the recommended",
            row => row.Role == MarkedSetting.Recommended
                ? new HtmlCell("–")
                : HtmlCell.Worded(row.Setting.ExcessRatio, AdvicePageText.Change, "not known")));
        columns.Add(("Behind it", row => new HtmlCell(AdvicePageText.Runs(row.Setting)) { Value = row.Setting.Requests }));
        columns.Add(("Notes", row => new HtmlCell(Notes(row)) { Style = "wide" }));
        return new HtmlGrid<MarkedSetting>(columns);
    }

    private static HtmlCell Name(AdviceDocument document, MarkedSetting row)
    {
        int place = row.Role is MarkedSetting.Recommended or MarkedSetting.Finalist
            ? document.Finalists.Index().First(item => ReferenceEquals(item.Item, row.Setting)).Index + 1
            : 0;
        string tie = row.Setting.IsTied && row.Role != MarkedSetting.Recommended ? "tied with the least" : "";
        string[] notes = [.. new[] { row.Role, tie }.Where(note => note.Length > 0)];
        return new HtmlCell(place > 0 ? $"{place}. {row.Setting.Words}" : row.Setting.Words) { Note = string.Join("; ", notes) };
    }

    private static HtmlCell Joules(MarkedSetting row)
    {
        if (row.Setting.JoulesPerOutputToken is not { } joules)
        {
            return new HtmlCell(NotMeasured) { IsAbsent = true };
        }

        double? half = (row.Setting.HighJoulesPerOutputToken - row.Setting.LowJoulesPerOutputToken) / 2;
        string text = half is > 0 ? NumberText.WithError(joules, half.Value) : NumberText.Of(joules);
        string interval = half is null && row.Setting.Runs == 1 ? "one run: no interval" : "";
        string band = row.Setting.ErrorBands?.JoulesPerToken is { } known ? $"error band {BandText.Of(known)}" : "";
        return new HtmlCell(text) { Value = joules, Note = string.Join("; ", new[] { interval, band }.Where(note => note.Length > 0)) };
    }

    private static HtmlCell Limit(MarkedSetting row, string name)
    {
        if (row.Setting.Limits.FirstOrDefault(limit => LimitText.NameOf(limit) == name) is not { Ratio: { } ratio } limit)
        {
            return new HtmlCell("not known: nothing was tested, or a failed request stands at the percentile") { IsAbsent = true };
        }

        string allowed = AdvicePageText.Allowed(limit.LimitSeconds, limit.IsolatedMultiple);
        return new HtmlCell(limit.FoundSeconds is { } found ? LimitText.TimeOf(found) : AdvicePageText.Share(ratio))
        {
            Value = ratio,
            Note = $"{AdvicePageText.Share(ratio)} of {allowed}{AdvicePageText.Range(limit)}",
            Style = ratio > 1 ? "fail" : null,
        };
    }

    private static string Notes(MarkedSetting row) =>
        string.Join(". ", new[] { AdvicePageText.Refusal(row.Setting), row.Setting.QualityNote?.TrimEnd('.'), Extrapolated(row.Setting) }
            .OfType<string>());

    private static string? Extrapolated(AdvisedSetting setting) =>
        setting.ErrorBands?.ExtrapolatedInWords is { } words ? $"Extrapolated: {words}" : null;
}
