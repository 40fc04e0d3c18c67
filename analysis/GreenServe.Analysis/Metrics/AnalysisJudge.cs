using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Metrics;

/// <summary>What the analysis finds against a run.</summary>
internal static class AnalysisJudge
{
    internal static IEnumerable<VerdictReason> ReasonsAgainst(RunMetrics metrics)
    {
        if (metrics.NoWindowReason is { } noWindow)
        {
            yield return new VerdictReason(VerdictCode.NoSteadyWindow, noWindow);
        }

        if (metrics.Counts.Completed == 0)
        {
            yield return new VerdictReason(VerdictCode.NothingCompleted, $"none of {metrics.Counts.Total} requests was completed");
        }

        if (metrics.Counts.Backwards > 0)
        {
            yield return new VerdictReason(VerdictCode.TimesRunBackwards, $"{metrics.Counts.Backwards} requests have their instants out of order (issued, first token, completed)");
        }

        foreach (VerdictReason reason in metrics.Energy.Reasons)
        {
            yield return reason;
        }
    }
}
