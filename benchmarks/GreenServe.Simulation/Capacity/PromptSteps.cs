using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Capacity;

/// <summary>The steps that process one prompt alone, one after the other.</summary>
public static class PromptSteps
{
    /// <summary>The time, in seconds, and the energy, in joules, of all steps of a prompt.</summary>
    /// <param name="model">The step model of the instance.</param>
    /// <param name="stepTokens">Largest number of tokens in a step, at least 1.</param>
    /// <param name="tokens">Length of the prompt, in tokens, at least 0.</param>
    public static (double Seconds, double Joules) Cost(StepModel model, int stepTokens, int tokens)
    {
        (double seconds, double joules) = (0, 0);
        for (int done = 0; done < tokens; done += stepTokens)
        {
            int chunk = Math.Min(stepTokens, tokens - done);
            StepCost cost = model.Cost(StepShape.Prefill(chunk, done, done + chunk == tokens));
            (seconds, joules) = (seconds + cost.Seconds, joules + cost.Joules);
        }

        return (seconds, joules);
    }
}
