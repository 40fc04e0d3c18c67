using System.Collections.Concurrent;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;

namespace GreenServe.Search.Advising.Screening;

/// <summary>Time and energy of the steps of an instance at the mean context of a load. Thread-safe.</summary>
/// <param name="system">The instance. Its limits of batches do not count.</param>
/// <param name="contextTokens">Tokens that each decoding sequence attends to.</param>
internal sealed class InstanceCosts(SimulatedSystem system, double contextTokens)
{
    /// <summary>Largest number of sequences whose steps are told apart: the 17th power of two.</summary>
    private const int Powers = 17;

    private readonly StepModel model = system.StepModel();
    private readonly StepCost?[] decode = new StepCost?[Powers];
    private readonly ConcurrentDictionary<(int Tokens, int Chunk), (double Seconds, double Joules)> prompts = [];
    private readonly ConcurrentDictionary<(int Tokens, int Power), double> mixed = [];

    /// <summary>Power of the instance with nothing to do, in watts.</summary>
    internal double IdleWatts => model.LoadedIdleWatts.Middle;

    /// <summary>Tokens that the cache holds.</summary>
    internal long CapacityTokens { get; } = system.Limits.CapacityTokens;

    /// <summary>Time of a request on its way to the engine, in seconds.</summary>
    internal double FrontEndSeconds { get; } = system.EngineHere.FrontEndSeconds;

    /// <summary>Time and energy of processing a prompt alone.</summary>
    internal (double Seconds, double Joules) Prompt(int tokens, int chunk) => prompts.GetOrAdd(
        (tokens, Math.Min(chunk, tokens)), key => PromptSteps.Cost(model, Math.Max(1, key.Chunk), key.Tokens));

    /// <summary>Time and energy of a step that only decodes, between those of the next powers of two.</summary>
    /// <param name="sequences">Number of sequences, at least 1.</param>
    internal (double Seconds, double Joules) Decode(double sequences)
    {
        double power = Math.Clamp(Math.Log2(sequences), 0, Powers - 1);
        int low = (int)power;
        int high = Math.Min(Powers - 1, low + 1);
        StepCost lower = DecodeAt(low);
        StepCost upper = DecodeAt(high);
        double share = low == high ? 0 : (sequences - (1 << low)) / (1 << low);
        return (
            lower.Seconds + (share * (upper.Seconds - lower.Seconds)),
            lower.Joules + (share * (upper.Joules - lower.Joules)));
    }

    /// <summary>Time of a step that decodes and processes a part of a prompt, in seconds.</summary>
    internal double MixedSeconds(int promptTokens, double sequences)
    {
        int power = (int)Math.Clamp(Math.Round(Math.Log2(Math.Max(1, sequences))), 0, Powers - 1);
        return mixed.GetOrAdd((promptTokens, power), key =>
        {
            int count = 1 << key.Power;
            StepShape prompt = StepShape.Prefill(key.Tokens, 0, completesPrompt: true);
            return model.Cost(prompt with { DecodeSequences = count, ContextTokens = (long)(count * contextTokens) }).Seconds;
        });
    }

    private StepCost DecodeAt(int power) =>
        decode[power] ??= model.Cost(StepShape.Decode(1 << power, (long)((1 << power) * contextTokens)));
}
