using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// What requests waited outside the engine: from being sent to the engine's first step, where it was idle, and from the end of the step
/// that finished their prompt to their first token.
/// </summary>
/// <param name="Before">Waits before the engine (s).</param>
/// <param name="After">Waits after it (s).</param>
internal sealed record FrontEndWaits(IReadOnlyList<double> Before, IReadOnlyList<double> After)
{
    /// <param name="record">The run.</param>
    /// <param name="pauseSeconds">What the engine works between two logged steps (s): the model's steps end after it.</param>
    internal static FrontEndWaits Of(RunRecord record, double pauseSeconds)
    {
        EngineStep[] steps = [.. record.Steps.Where(step => !step.IsIdle).OrderBy(step => step.StartSeconds)];
        double[] starts = [.. steps.Select(step => step.StartSeconds)];
        EngineStep[] prefills = [.. steps.Where(step => step.PrefillTokens > 0)];
        double[] prefillEnds = [.. prefills.Select(step => step.StartSeconds + step.DurationSeconds)];
        List<double> before = [];
        List<double> after = [];
        foreach (RequestRecord request in record.Requests)
        {
            if (request is not { Status: RequestStatus.Completed, IssuedSeconds: { } issued, FirstTokenSeconds: { } first })
            {
                continue;
            }

            int next = Search(starts, issued);
            bool idle = next == 0 || starts[next - 1] + steps[next - 1].DurationSeconds < issued;
            if (idle && next < steps.Length && steps[next] is { DecodeSequences: 0 } && steps[next].StartSeconds < first)
            {
                before.Add(steps[next].StartSeconds - issued);
            }

            // The end may be logged a rounding later than the token it made.
            int last = Search(prefillEnds, first + 1e-9) - 1;
            if (last >= 0 && prefillEnds[last] > issued)
            {
                after.Add(first - prefillEnds[last] - pauseSeconds);
            }
        }

        return new FrontEndWaits(before, after);
    }

    private static int Search(double[] sorted, double value)
    {
        int index = Array.BinarySearch(sorted, value);
        return index >= 0 ? index : ~index;
    }
}
