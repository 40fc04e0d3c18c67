using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Policies.Estimates;

/// <summary>
/// What an instance does with a steady stream of equal requests, worked out from its step model. It stands for what an operator learns by
/// profiling the instance beforehand.
/// </summary>
/// <remarks>
/// Prompts and tokens are taken to be worked on one after the other. Engines that put them into one step are a little faster, so times
/// and energies are upper estimates. Energies of Llama-2-70B on eight H100 with 1 to 64 sequences were at most 12 % above those of runs.
/// </remarks>
/// <param name="system">The instance with its setting.</param>
/// <param name="model">Its step model.</param>
internal sealed class SteadyServing(SimulatedSystem system, StepModel model)
{
    private readonly int maxSequences = system.MaxSequences;
    private readonly int stepTokens = system.StepTokens;
    private readonly long capacityTokens = system.Limits.CapacityTokens;

    /// <summary>Time to process a prompt alone, in seconds.</summary>
    /// <param name="inputTokens">Length of the prompt, at least 1.</param>
    internal double PromptSeconds(int inputTokens) => PromptCost(inputTokens).Seconds;

    /// <summary>Time to process a prompt after those that wait, in seconds. Those are taken to be as long as it is.</summary>
    /// <param name="waitingTokens">Prompt tokens that wait.</param>
    /// <param name="inputTokens">Length of the prompt, at least 1.</param>
    internal double QueueSeconds(long waitingTokens, int inputTokens) =>
        PromptSeconds(inputTokens) * (1 + ((double)waitingTokens / inputTokens));

    /// <summary>Time of a step that only decodes, in seconds.</summary>
    /// <param name="sequences">Number of sequences, at least 1.</param>
    /// <param name="contextTokens">Tokens that they attend to, summed over them.</param>
    internal double TokenSeconds(int sequences, long contextTokens) =>
        model.Cost(StepShape.Decode(sequences, contextTokens)).Seconds;

    /// <summary>Time for which the instance works for one request, in seconds.</summary>
    /// <param name="lengths">Lengths of the request.</param>
    /// <param name="sequences">Number of sequences that run at once, at least 1.</param>
    internal double BusySeconds(RequestLengths lengths, int sequences) =>
        PromptSeconds(lengths.InputTokens) + DecodeSeconds(lengths, sequences);

    /// <summary>Time for which the instance decodes for one request, in seconds.</summary>
    /// <param name="lengths">Lengths of the request.</param>
    /// <param name="sequences">Number of sequences that run at once, at least 1.</param>
    internal double DecodeSeconds(RequestLengths lengths, int sequences) =>
        lengths.DecodedTokens * TokenSeconds(sequences, lengths.ContextTokens(sequences)) / sequences;

    /// <summary>Energy of a request, in joules, with its share of what the accelerators always draw while they work.</summary>
    /// <param name="lengths">Lengths of the request.</param>
    /// <param name="sequences">Number of sequences that run at once, at least 1.</param>
    internal double RequestJoules(RequestLengths lengths, int sequences) => PromptCost(lengths.InputTokens).Joules
        + (lengths.DecodedTokens * model.Cost(StepShape.Decode(sequences, lengths.ContextTokens(sequences))).Joules / sequences);

    /// <summary>
    /// Largest number of sequences that an instance which only decodes may run at once, while the time of a step stays within a limit and
    /// the cache holds them; 0 if there is none.
    /// </summary>
    /// <param name="lengths">Lengths of each request.</param>
    /// <param name="tpotSeconds">The limit of the mean time between tokens, in seconds.</param>
    internal int MaxDecodeSequences(RequestLengths lengths, double tpotSeconds)
    {
        long fitting = capacityTokens / Math.Max(1, lengths.InputTokens + lengths.OutputTokens);
        int low = 0;
        int high = (int)Math.Min(maxSequences, fitting);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            bool isWithin = TokenSeconds(middle, lengths.ContextTokens(middle)) <= tpotSeconds;
            (low, high) = isWithin ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private (double Seconds, double Joules) PromptCost(int inputTokens) => PromptSteps.Cost(model, stepTokens, inputTokens);
}
