using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>The work of a planned step, as far as its time and energy depend on it.</summary>
internal static class PlanShape
{
    /// <summary>The shape of the first step of a plan.</summary>
    internal static StepShape Of(StepPlan<SimulatedRequest> plan)
    {
        (double pairs, int completed) = (0, 0);
        for (int index = 0; index < plan.Prefills.Count; index++)
        {
            PrefillChunk<SimulatedRequest> chunk = plan.Prefills[index];
            pairs += PrefillAttention.Pairs(chunk.Tokens, chunk.Offset);
            completed += chunk.CompletesPrompt ? 1 : 0;
        }

        return new StepShape(plan.PrefillTokens, pairs, plan.Prefills.Count, completed, plan.DecodeSequences, plan.ContextTokens);
    }
}
