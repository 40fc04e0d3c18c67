namespace GreenServe.Simulation.Physics;

/// <summary>What one step of an engine works on: all that its time and energy depend on.</summary>
/// <param name="PrefillTokens">Prompt tokens processed.</param>
/// <param name="PrefillPairs">Pairs of query and key of those tokens, see <see cref="PrefillAttention.Pairs"/>.</param>
/// <param name="PrefillSequences">Sequences those tokens belong to.</param>
/// <param name="PrefillsCompleted">How many of those end their prompt here and so sample their first token.</param>
/// <param name="DecodeSequences">Sequences that each get one more token.</param>
/// <param name="ContextTokens">Tokens those attend to, the new ones included, summed.</param>
public readonly record struct StepShape(
    int PrefillTokens, double PrefillPairs, int PrefillSequences, int PrefillsCompleted, int DecodeSequences, long ContextTokens)
{
    /// <summary>A step that only decodes.</summary>
    public static StepShape Decode(int sequences, long contextTokens) => new(0, 0, 0, 0, sequences, contextTokens);

    /// <summary>A step that only processes one chunk of one prompt.</summary>
    public static StepShape Prefill(int tokens, int offset, bool completesPrompt) =>
        new(tokens, PrefillAttention.Pairs(tokens, offset), 1, completesPrompt ? 1 : 0, 0, 0);

    /// <summary>Tokens that go through the layers.</summary>
    public int Tokens => PrefillTokens + DecodeSequences;

    /// <summary>Tokens that are sampled.</summary>
    public int Rows => PrefillsCompleted + DecodeSequences;

    /// <summary>Sequences in the step.</summary>
    public int Sequences => PrefillSequences + DecodeSequences;

    /// <summary>The largest of <paramref name="groups"/> parts into which its sequences can be spread.</summary>
    internal StepShape Part(int groups) => new(
        Share(PrefillTokens, groups),
        PrefillPairs / groups,
        Share(PrefillSequences, groups),
        Share(PrefillsCompleted, groups),
        Share(DecodeSequences, groups),
        (ContextTokens + groups - 1) / groups);

    private static int Share(int count, int groups) => (count + groups - 1) / groups;
}
