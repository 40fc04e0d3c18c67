using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Times that requests waited outside the engine. Before it, a request waits from its sending to the first step of an engine that was idle.
/// After it, a request waits from the end of the step that completed its prompt to its first token.
/// </summary>
/// <param name="Before">Waits before the engine, in seconds.</param>
/// <param name="After">Waits after the engine, in seconds.</param>
internal sealed record FrontEndWaits(IReadOnlyList<double> Before, IReadOnlyList<double> After)
{
    /// <summary>Slack for the rounding of logged times, in seconds.</summary>
    private const double RoundingSeconds = 1e-9;

    /// <summary>Reads the waits from a run record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="pauseSeconds">Time that the engine works between two logged steps, in seconds. Steps of the model end after it.</param>
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

            int next = FirstAtLeast(starts, issued);
            bool idle = next == 0 || starts[next - 1] + steps[next - 1].DurationSeconds < issued;
            if (idle && next < steps.Length && steps[next] is { DecodeSequences: 0 } && steps[next].StartSeconds < first)
            {
                before.Add(steps[next].StartSeconds - issued);
            }

            // Rounding may log the end of a step later than the token that it sampled.
            int last = FirstAtLeast(prefillEnds, first + RoundingSeconds) - 1;
            if (last >= 0 && prefillEnds[last] > issued)
            {
                after.Add(first - prefillEnds[last] - pauseSeconds);
            }
        }

        return new FrontEndWaits(before, after);
    }

    /// <summary>Index of the first value that is at least a given one, in ascending values.</summary>
    private static int FirstAtLeast(double[] sorted, double value)
    {
        int index = Array.BinarySearch(sorted, value);
        return index >= 0 ? index : ~index;
    }
}
