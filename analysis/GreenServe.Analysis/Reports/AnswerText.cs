using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The answers in sentences. Not escaped.</summary>
internal static class AnswerText
{
    /// <summary>For each evidence kind a sentence on its most telling artifact, for each system and model of it.</summary>
    internal static IEnumerable<(string Evidence, string Text)> Headlines(ResultTable answers)
    {
        foreach (string evidence in answers.Distinct("evidence"))
        {
            int[] rows = [.. Enumerable.Range(0, answers.Rows.Count).Where(row => answers.Text(row, "evidence") == evidence)];
            string artifact = AnswerTable.Preferred.FirstOrDefault(name => rows.Any(row => answers.Text(row, "artifact") == name)) ?? answers.Text(rows[0], "artifact")!;
            foreach (IGrouping<string, int> group in rows.Where(row => answers.Text(row, "artifact") == artifact)
                .GroupBy(row => string.Join('\u001f', new[] { "system", "engine", "model", "precision", "slo_profile", "knobs" }.Select(column => answers.Text(row, column)))))
            {
                yield return (evidence, Sentence(answers, [.. group]));
            }
        }
    }

    private static string Sentence(ResultTable answers, int[] rows)
    {
        string? Text(string column) => answers.Text(rows[0], column);
        double[] savings = [.. rows.Select(row => answers.Number(row, "saving")).OfType<double>().Order()];
        int none = rows.Count(row => answers.Number(row, "feasible_settings") == 0);
        int broken = rows.Count(row => answers.Text(row, "default_keeps_slo") == "no" && answers.Number(row, "feasible_settings") > 0);
        string slo = Text("slo_profile") is { } profile ? $"within the SLO {profile}" : Text("default_keeps_slo") == "no SLO stated" ? "with no SLO stated" : "within its SLO";
        string setting = rows.Select(row => answers.Text(row, "best_setting")).Distinct().Count() == 1 && Text("best_setting") is { } one ? $" ({one})" : "";
        string saved = savings.Length switch
        {
            0 => "no saving can be stated",
            1 => $"saves {Percent(savings[0])} of the energy of a request",
            _ => $"saves {Percent(savings[0])} to {Percent(savings[^1])} of the energy of a request (median {Percent(NearestRank.Of(savings, 50)!.Value)} over {savings.Length} inputs)",
        };
        string rest = (broken > 0 ? $" For {broken} of {rows.Length} inputs the default itself breaks the SLO." : "")
            + (none > 0 ? $" For {none} of {rows.Length} inputs no setting keeps it." : "");
        return $"{Text("model")} ({Text("precision")}) on {Text("system")}, {Text("engine")}, {slo}: the least-energy choice of {Text("knobs")}{setting} "
            + $"{saved} against the default ({Text("default_setting")}).{rest}";
    }

    private static string Percent(double ratio) => ratio.ToString("0.# %", System.Globalization.CultureInfo.InvariantCulture);
}
