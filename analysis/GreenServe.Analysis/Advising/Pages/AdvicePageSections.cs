using System.Globalization;
using System.Text;
using GreenServe.Analysis.Reports;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>What an advice found beside its settings, as sections of its page.</summary>
internal static class AdvicePageSections
{
    /// <summary>Appends what looser limits buy.</summary>
    internal static void AppendRelaxations(StringBuilder page, AdviceDocument document)
    {
        if (document.Relaxations.Count == 0)
        {
            page.Append(document.Slo is null
                ? "<p>No SLO was stated, so that there is no limit to loosen.</p>\n"
                : "<p>No single looser limit makes a better setting possible, of those that were tried.</p>\n");
            return;
        }

        page.Append("<p class=\"question\">What would one looser limit buy?</p>\n");
        new HtmlGrid<LimitRelaxation>(
        [
            ("Limit", looser => new HtmlCell(LimitText.NameOf(looser.Metric, looser.Percentile, looser.Classes))),
            ("Looser by", looser => new HtmlCell(AdvicePageText.Looser(looser)) { Value = looser.Factor }),
            ($"Saves of the {ObjectiveNumbers.NameOf(document.Objective)}", looser => Share(looser.SavingRatio, "not known")),
            ("Setting that it makes possible", looser => new HtmlCell(looser.Setting)),
        ]).Append(page, "table-relaxations", "What one looser limit buys", document.Relaxations);
    }

    /// <summary>Appends what each knob does, and the knobs whose value lies at the edge of the grid.</summary>
    internal static void AppendSensitivities(StringBuilder page, AdviceDocument document)
    {
        (string Knob, KnobEffect Effect)[] rows =
            [.. document.Sensitivities.SelectMany(knob => knob.Values.Select(value => (SettingText.NameOf(knob.Axis), value)))];
        if (rows.Length > 0)
        {
            page.Append("<details><summary>Every value as a table</summary>\n");
            new HtmlGrid<(string Knob, KnobEffect Effect)>(
            [
                ("Knob", row => new HtmlCell(row.Knob)),
                ("Value", row => new HtmlCell(row.Effect.Value) { Note = row.Effect.IsRecommended ? "recommended" : null }),
                ($"Change of the {ObjectiveNumbers.NameOf(document.Objective)}",
                    row => HtmlCell.Worded(row.Effect.ChangeRatio, AdvicePageText.Change, "not known: it was not simulated to the end")),
                ("Candidate", row => HtmlCell.Of(row.Effect.IsFeasible, "")),
                ("Largest latency over its limit", row => Share(row.Effect.WorstRatio, "no limit was tested")),
            ]).Append(page, "table-sensitivity", "One knob at a time", rows);
            page.Append("</details>\n");
        }

        page.Append("<h3>Edges of the grid</h3>\n");
        AppendList(page, document.Edges.Select(AdviceWarnings.Edge), "No recommended value lies at the edge of what was tried.");
    }

    /// <summary>Appends what the accelerators carry.</summary>
    internal static void AppendCapacity(StringBuilder page, AdviceCapacity? capacity)
    {
        if (capacity is null)
        {
            page.Append("<p>Not worked out: it was not asked for.</p>\n");
            return;
        }

        AppendList(page, [.. CapacityText.Sentences(capacity), .. capacity.Notes], "");
        if (capacity.Plans.Count > 0)
        {
            new HtmlGrid<FleetPlan>(
            [
                ("Fleet", plan => new HtmlCell(plan.Words)
                {
                    Note = plan.KnowsFuture ? "a bound" : plan.Policy is null ? "static" : "with a policy",
                }),
                ("Accelerators", plan => HtmlCell.Of(plan.Gpus, "")),
                ("Meets the SLO", plan => HtmlCell.Of(plan.MeetsSlo, "")),
                ("J/token", plan => HtmlCell.Of(plan.JoulesPerOutputToken, "not known")),
                ("Mean power (W)", plan => HtmlCell.Of(plan.MeanWatts, "not known")),
                ("Largest latency over its limit", plan => Share(plan.WorstRatio, "no limit was tested")),
                ("Requests", plan => HtmlCell.Of(plan.Requests, "")),
            ]).Append(page, "table-plans", "Fleets by number of accelerators (simulated)", capacity.Plans);
        }

        if (capacity.PowerBudgets.Count > 0)
        {
            page.Append("<h3>What a power budget costs</h3>\n");
            new HtmlGrid<PowerBudgetEffect>(
            [
                ("Budget (W)", budget => HtmlCell.Of(budget.BudgetWatts, "")),
                ("Of full power", budget => Share(budget.BudgetRatio, "")),
                ("Goodput at this load (requests/s)", budget => HtmlCell.Of(budget.GoodputRequestsPerSecond, "no setting meets the SLO")),
                ("Of the goodput without a budget", budget => Share(budget.GoodputRatio, "not known")),
                ("Mean power (W)", budget => HtmlCell.Of(budget.MeanWatts, "not known")),
                ("Setting", budget => SettingCell(budget.Setting)),
                ("Goodput at capacity (requests/s)", budget =>
                    HtmlCell.Of(budget.GoodputAtCapacityRequestsPerSecond, "no setting meets the SLO")),
                ("Of that without a budget", budget => Share(budget.GoodputAtCapacityRatio, "not known")),
                ("Setting at capacity", budget => SettingCell(budget.SettingAtCapacity)),
            ]).Append(page, "table-budgets", "Goodput under a power budget (simulated)", capacity.PowerBudgets);
        }
    }

    private static HtmlCell SettingCell(string? setting) => new(setting ?? "none meets the SLO") { IsAbsent = setting is null };

    /// <summary>Appends what a real server said, predicted and measured numbers in columns of their own.</summary>
    internal static void AppendVerification(StringBuilder page, AdviceDocument document)
    {
        if (document.Verification is not { } verification)
        {
            page.Append("<p>Not verified: no server was asked to run the finalists.</p>\n");
            return;
        }

        string badges = string.Join(' ', AdvicePageText.Evidence(verification).Select(HtmlTable.Badge));
        page.Append("<p class=\"headline\">").Append(badges).Append(' ').Append(HtmlText.Escape(verification.Finding)).Append("</p>\n");
        new HtmlGrid<VerifiedSetting>(
        [
            ("Setting", row => new HtmlCell(row.Predicted.Words)),
            ("Evidence of the runs", row => HtmlCell.Of(row.Measured.Evidence)),
            ("Predicted J/token (simulated)", row => HtmlCell.Of(row.Predicted.JoulesPerOutputToken, "not known")),
            ("Measured J/token", row => HtmlCell.Of(row.Measured.JoulesPerOutputToken, "not measured")),
            ("Measured against predicted", row => HtmlCell.Worded(row.JoulesErrorRatio, AdvicePageText.Change, "not known")),
            ("Within the error band", row => HtmlCell.Of(row.IsWithinBand, "no band is known")),
            ("Predicted power (W, simulated)", row => HtmlCell.Of(row.Predicted.MeanWatts, "not known")),
            ("Measured power (W)", row => HtmlCell.Of(row.Measured.MeanWatts, "not measured")),
            ("Predicted worst latency over its limit", row => Share(row.Predicted.WorstRatio, "no limit was tested")),
            ("Measured worst latency over its limit", row => Share(row.Measured.WorstRatio, "no limit was tested")),
            ("Latencies against predicted", row => AdvicePageText.LatencyErrors(row) is { Length: > 0 } errors
                ? new HtmlCell(errors) { Style = "wide" }
                : new HtmlCell("no limit was tested") { IsAbsent = true }),
            ("Measured it meets the SLO", row => HtmlCell.Of(row.Measured.MeetsSlo, "no SLO")),
            ("Behind it", row => new HtmlCell(AdvicePageText.Runs(row.Measured)) { Note = row.Record }),
        ]).Append(page, "table-verification", "Predicted beside measured", verification.Settings);
        AppendList(page, verification.NotMeasured.Select(reason => $"Not measured: {reason}."), "");
        if (verification.TwinFolder is { } twin)
        {
            page.Append("<p>The twin that was fitted to these runs: <code>").Append(HtmlText.Escape(twin)).Append("</code></p>\n");
        }

        if (verification.NoTwinReason is { } reason)
        {
            page.Append("<p>No twin was fitted to these runs: ").Append(HtmlText.Escape(reason)).Append(".</p>\n");
        }
    }

    /// <summary>Appends what to copy, each with what undoes it.</summary>
    internal static void AppendCommands(StringBuilder page, IReadOnlyList<DeploymentSnippet> commands)
    {
        if (commands.Count == 0)
        {
            page.Append("<p>None: no setting is recommended, or nothing here sets it.</p>\n");
            return;
        }

        foreach (DeploymentSnippet command in commands)
        {
            page.Append("<h3>").Append(HtmlText.Escape(command.Title)).Append("</h3>\n");
            AppendSnippet(page, command.Language, command.Text);
            if (command.Undo is { } undo)
            {
                page.Append("<p>To undo it:</p>\n");
                AppendSnippet(page, command.Language, undo);
            }

            AppendList(page, command.Notes, "");
        }
    }

    /// <summary>Appends what was searched, and how.</summary>
    internal static void AppendSearch(StringBuilder page, AdviceSearch search)
    {
        page.Append("<p>").Append(HtmlText.Escape(AdvicePageText.Search(search))).Append("</p>\n");
        new HtmlGrid<SearchedAxis>(
        [
            ("Knob", axis => new HtmlCell(SettingText.NameOf(axis.Name))),
            ("Values", axis => HtmlCell.Of(axis.Values.Count, "")),
            ("Which", axis => new HtmlCell(string.Join(", ", axis.Values)) { Style = "wide" }),
        ]).Append(page, "table-axes", "Axes of the grid", search.Axes);
        page.Append("<h3>Settings that cannot exist</h3>\n");
        AppendList(
            page,
            search.Refused.Select(refused => $"{refused.Settings.ToString("N0", CultureInfo.InvariantCulture)}: {refused.Reason}"),
            "None: every setting of the grid can exist.");
    }

    private static void AppendSnippet(StringBuilder page, string language, string text) => page
        .Append("<div class=\"snippet\"><pre tabindex=\"0\" data-language=\"").Append(HtmlText.Escape(language)).Append("\">")
        .Append(HtmlText.Escape(text)).Append("</pre></div>\n");

    private static void AppendList(StringBuilder page, IEnumerable<string> items, string absent)
    {
        string[] all = [.. items];
        if (all.Length == 0)
        {
            page.Append(absent.Length > 0 ? $"<p>{HtmlText.Escape(absent)}</p>\n" : "");
            return;
        }

        page.Append("<ul>\n");
        foreach (string item in all)
        {
            page.Append("<li>").Append(HtmlText.Escape(item)).Append("</li>\n");
        }

        page.Append("</ul>\n");
    }

    /// <summary>A share in percent, or why there is none.</summary>
    private static HtmlCell Share(double? ratio, string absent) => HtmlCell.Worded(ratio, AdvicePageText.Share, absent);
}
