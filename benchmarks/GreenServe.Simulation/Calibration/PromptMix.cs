using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// How long the prompts of a run were: what a step's prompt tokens stand for, since <c>steps.csv</c> tells their number alone. Right on
/// the whole for any mix, and for each step where prompts are alike.
/// </summary>
/// <param name="MeanTokens">Mean prompt (tokens); <c>null</c> where requests are not told, which takes each step's tokens as one prompt.</param>
/// <param name="PairsPerToken">Pairs of query and key of a prompt token, on the mean over tokens: <c>Σp² / 2Σp</c>, however prompts are cut.</param>
internal readonly record struct PromptMix(double? MeanTokens, double PairsPerToken)
{
    internal static PromptMix Of(IEnumerable<RequestRecord> requests)
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

        return sum > 0 ? new PromptMix(sum / count, squares / (2 * sum)) : default;
    }

    /// <summary>What a row of <c>steps.csv</c> worked on.</summary>
    internal StepShape ShapeOf(EngineStep step)
    {
        if (step.PrefillTokens == 0)
        {
            return StepShape.Decode(step.DecodeSequences, step.ContextTokens);
        }

        int completed = MeanTokens is { } mean ? (int)Math.Round(step.PrefillTokens / mean) : 1;
        double pairs = MeanTokens is null ? PrefillAttention.Pairs(step.PrefillTokens, 0) : step.PrefillTokens * PairsPerToken;
        return new StepShape(step.PrefillTokens, pairs, Math.Max(1, completed), completed, step.DecodeSequences, step.ContextTokens);
    }
}
