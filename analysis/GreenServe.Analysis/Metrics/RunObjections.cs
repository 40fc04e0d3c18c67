using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>What the analysis finds against a run.</summary>
internal static class RunObjections
{
    // Larger than the gain error a sensor may have: then counter and power do not describe the same device or time.
    private const double LargestDisagreement = 0.05;

    // Beyond this the window's edges alone decide the number.
    private const double LargestEdgeError = 0.05;

    internal static IEnumerable<VerdictReason> Of(RunMetrics metrics)
    {
        if (metrics.NoWindow is { } noWindow)
        {
            yield return new VerdictReason("no-steady-window", noWindow);
        }

        if (metrics.Counts.Completed == 0)
        {
            yield return new VerdictReason("nothing-completed", $"none of {metrics.Counts.Total} requests was completed");
        }

        WindowEnergy energy = metrics.Energy;
        if (energy.CrossCheckRatio is { } disagreement && Math.Abs(disagreement) > LargestDisagreement)
        {
            yield return new VerdictReason(
                "meters-disagree",
                $"averaged power gives {disagreement:+0.0 %;-0.0 %} against the energy counter, limit ±{LargestDisagreement:0 %}");
        }

        if (energy.EdgeErrorJoules is { } edge && energy.Joules.Value is { } joules && edge > LargestEdgeError * joules)
        {
            yield return new VerdictReason(
                "window-too-short",
                $"the window's edges are uncertain by {edge / joules:0.0 %} of its energy, limit {LargestEdgeError:0 %}");
        }
    }
}
