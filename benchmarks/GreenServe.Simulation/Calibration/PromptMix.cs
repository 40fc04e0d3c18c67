using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Lengths of the prompts of a run, from which the shapes of its steps are estimated, since <c>steps.csv</c> has only the number of prompt
/// tokens of a step. The estimate is right on average for any mix, and for each step where prompts have equal lengths.
/// </summary>
/// <param name="MeanTokens">Mean length of a prompt, in tokens.</param>
/// <param name="PairsPerToken">Mean number of pairs of query and key of a prompt token, however prompts are cut: <c>Σp²/2Σp</c>.</param>
internal readonly record struct PromptMix(double MeanTokens, double PairsPerToken)
{
    /// <summary>The mix of a run; <c>null</c> if it has no prompt tokens.</summary>
    internal static PromptMix? Of(IEnumerable<RequestRecord> requests)
    {
        double count = 0;
        double sum = 0;
        double squares = 0;
        foreach (RequestRecord request in requests)
        {
            double tokens = request.InputTokensCounted ?? request.InputTokensAsked;
            count++;
            sum += tokens;
            squares += tokens * tokens;
        }

        return sum > 0 ? new PromptMix(sum / count, squares / (2 * sum)) : null;
    }

    /// <summary>The work of a row of <c>steps.csv</c>, if its prompts are an average part of the mix.</summary>
    internal StepShape ShapeOf(EngineStep step)
    {
        if (step.PrefillTokens == 0)
        {
            return StepShape.Decode(step.DecodeSequences, step.ContextTokens);
        }

        int completed = (int)Math.Round(step.PrefillTokens / MeanTokens);
        double pairs = step.PrefillTokens * PairsPerToken;
        return new StepShape(step.PrefillTokens, pairs, Math.Max(1, completed), completed, step.DecodeSequences, step.ContextTokens);
    }

    /// <summary>The work of a row of <c>steps.csv</c>, if its prompt tokens are one whole prompt.</summary>
    internal static StepShape OnePrompt(EngineStep step)
    {
        if (step.PrefillTokens == 0)
        {
            return StepShape.Decode(step.DecodeSequences, step.ContextTokens);
        }

        double pairs = PrefillAttention.Pairs(step.PrefillTokens, 0);
        return new StepShape(step.PrefillTokens, pairs, 1, 1, step.DecodeSequences, step.ContextTokens);
    }
}
