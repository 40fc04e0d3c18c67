using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Metrics;

/// <summary>Finds the verdict reasons that only the analysis of a whole record can find.</summary>
internal static class AnalysisJudge
{
    /// <summary>The reasons against a run; none for a run that is valid as far as the analysis can tell.</summary>
    /// <param name="metrics">The metrics of the run; their own reasons are not read.</param>
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

        if (metrics.SampleReason is { } tooFew)
        {
            yield return tooFew;
        }

        if (metrics.Counts.Backwards > 0)
        {
            yield return new VerdictReason(
                VerdictCode.TimesRunBackwards,
                $"{metrics.Counts.Backwards} requests have their instants out of order (issued, first token, completed)");
        }

        foreach (VerdictReason reason in metrics.Energy.Reasons)
        {
            yield return reason;
        }
    }
}
