using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Assigns the prompt tokens of steps to the requests that they belong to. The scheduler is first come, first served and completes a prompt
/// before it begins the next. The tokens of successive steps therefore follow the prompts in the order in which they were sent.
/// </summary>
internal static class PromptReplay
{
    /// <summary>
    /// The work of each step. Where tokens and requests do not add up, as after a preemption or a failure, average prompts are
    /// assumed.
    /// </summary>
    internal static StepShape[] ShapesOf(IReadOnlyList<EngineStep> steps, IEnumerable<RequestRecord> requests)
    {
        RequestRecord[] sent =
        [
            .. requests.Where(request => request.IssuedSeconds is not null)
                .OrderBy(request => request.IssuedSeconds).ThenBy(request => request.Id),
        ];
        int[] prompts = [.. sent.Select(request => request.InputTokensCounted ?? request.InputTokensAsked)];
        if (prompts.Sum(tokens => (long)tokens) != steps.Sum(step => (long)step.PrefillTokens))
        {
            PromptMix? mix = PromptMix.Of(sent);
            return [.. steps.Select(step => mix?.ShapeOf(step) ?? PromptMix.OnePrompt(step))];
        }

        int prompt = 0;
        int done = 0;
        StepShape[] shapes = new StepShape[steps.Count];
        for (int index = 0; index < steps.Count; index++)
        {
            double pairs = 0;
            int sequences = 0;
            int completed = 0;
            for (int left = steps[index].PrefillTokens; left > 0;)
            {
                int chunk = Math.Min(left, prompts[prompt] - done);
                pairs += PrefillAttention.Pairs(chunk, done);
                sequences += chunk > 0 ? 1 : 0;
                left -= chunk;
                done += chunk;
                if (done == prompts[prompt])
                {
                    completed++;
                    prompt++;
                    done = 0;
                }
            }

            EngineStep step = steps[index];
            shapes[index] = new StepShape(
                step.PrefillTokens, pairs, sequences, completed, step.DecodeSequences, step.ContextTokens);
        }

        return shapes;
    }
}
