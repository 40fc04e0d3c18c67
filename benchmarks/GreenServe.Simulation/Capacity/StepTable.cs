using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Capacity;

/// <summary>
/// Time and energy of the steps of an instance, kept for each size of the batch, so that a policy reads them at once for every request.
/// </summary>
/// <remarks>
/// The cost of a context token is that of the first one, which is exact unless the model's attention has a window or the power cap is
/// reached. Prompts are rounded up to <see cref="PromptGrain"/> tokens. Not thread-safe.
/// </remarks>
public sealed class StepTable
{
    /// <summary>Granularity of prompt lengths, in tokens.</summary>
    private const int PromptGrain = 32;

    private readonly StepModel model;
    private readonly int stepTokens;
    private Entry[] decode = [];
    private Entry[] prefill = [];

    /// <summary>Makes the table of an instance. It is filled as it is read.</summary>
    /// <param name="system">The instance.</param>
    public StepTable(SimulatedSystem system)
    {
        model = system.StepModel();
        stepTokens = system.StepTokens;
        CapacityTokens = system.Limits.CapacityTokens;
        IdleWatts = model.LoadedIdleWatts.Middle;
    }

    /// <summary>Number of tokens that the key-value cache holds.</summary>
    public long CapacityTokens { get; }

    /// <summary>Power of all accelerators with the model loaded and nothing to do, in watts.</summary>
    public double IdleWatts { get; }

    /// <summary>Duration of a step that only decodes, in seconds.</summary>
    /// <param name="sequences">Number of decoding sequences, at least 0; a step of none takes no time.</param>
    /// <param name="contextTokens">Tokens that they attend to, summed over them.</param>
    public double DecodeSeconds(int sequences, long contextTokens)
    {
        if (sequences == 0)
        {
            return 0;
        }

        Entry entry = Decode(sequences);
        return entry.Seconds + ((contextTokens - sequences) * entry.SecondsPerToken);
    }

    /// <summary>Energy of a step that only decodes, in joules.</summary>
    /// <param name="sequences">Number of decoding sequences, at least 0; a step of none takes no energy.</param>
    /// <param name="contextTokens">Tokens that they attend to, summed over them.</param>
    public double DecodeJoules(int sequences, long contextTokens)
    {
        if (sequences == 0)
        {
            return 0;
        }

        Entry entry = Decode(sequences);
        return entry.Joules + ((contextTokens - sequences) * entry.JoulesPerToken);
    }

    /// <summary>Time of processing a prompt alone, in seconds.</summary>
    /// <param name="tokens">Length of the prompt, in tokens, at least 0.</param>
    public double PrefillSeconds(int tokens) => tokens == 0 ? 0 : Prefill(tokens).Seconds;

    /// <summary>Energy of processing a prompt alone, in joules.</summary>
    /// <param name="tokens">Length of the prompt, in tokens, at least 0.</param>
    public double PrefillJoules(int tokens) => tokens == 0 ? 0 : Prefill(tokens).Joules;

    private ref Entry Decode(int sequences)
    {
        if (sequences >= decode.Length)
        {
            Array.Resize(ref decode, Math.Max(2 * decode.Length, sequences + 64));
        }

        ref Entry entry = ref decode[sequences];
        if (entry.Seconds == 0)
        {
            StepCost cost = model.Cost(StepShape.Decode(sequences, sequences));
            entry = new Entry(cost.Seconds, cost.Joules, cost.SecondsPerContextToken, cost.JoulesPerContextToken);
        }

        return ref entry;
    }

    private ref Entry Prefill(int tokens)
    {
        int index = (tokens + PromptGrain - 1) / PromptGrain;
        if (index >= prefill.Length)
        {
            Array.Resize(ref prefill, Math.Max(2 * prefill.Length, index + 64));
        }

        ref Entry entry = ref prefill[index];
        if (entry.Seconds == 0)
        {
            (double seconds, double joules) = PromptSteps.Cost(model, stepTokens, index * PromptGrain);
            entry = new Entry(seconds, joules, SecondsPerToken: 0, JoulesPerToken: 0);
        }

        return ref entry;
    }

    private record struct Entry(double Seconds, double Joules, double SecondsPerToken, double JoulesPerToken);
}
