namespace GreenServe.Simulation.Physics;

/// <summary>The work of one engine step, as far as its time and energy depend on it.</summary>
/// <param name="PrefillTokens">Number of prompt tokens that the step processes.</param>
/// <param name="PrefillPairs">Pairs of query and key of those tokens: <c>c·(o + c/2)</c> for each chunk of c tokens at offset o.</param>
/// <param name="PrefillSequences">Number of sequences that those tokens belong to.</param>
/// <param name="PrefillsCompleted">Number of those sequences whose prompt ends here, so that they sample their first token.</param>
/// <param name="DecodeSequences">Number of sequences that each get one more token.</param>
/// <param name="ContextTokens">Tokens that the decoding sequences attend to, including the new ones, summed over them.</param>
public readonly record struct StepShape(
    int PrefillTokens, double PrefillPairs, int PrefillSequences, int PrefillsCompleted, int DecodeSequences, long ContextTokens)
{
    /// <summary>A step that only decodes.</summary>
    /// <param name="sequences">Number of decoding sequences.</param>
    /// <param name="contextTokens">Tokens that they attend to, including the new ones, summed over them.</param>
    public static StepShape Decode(int sequences, long contextTokens) => new(0, 0, 0, 0, sequences, contextTokens);

    /// <summary>A step that only processes one chunk of one prompt.</summary>
    /// <param name="tokens">Length of the chunk, in tokens.</param>
    /// <param name="offset">Tokens of the prompt before the chunk.</param>
    /// <param name="completesPrompt">Whether the chunk ends the prompt, so that the step samples a token.</param>
    public static StepShape Prefill(int tokens, int offset, bool completesPrompt) =>
        new(tokens, PrefillAttention.Pairs(tokens, offset), 1, completesPrompt ? 1 : 0, 0, 0);

    /// <summary>Number of tokens that pass through the layers.</summary>
    public int Tokens => PrefillTokens + DecodeSequences;

    /// <summary>Number of tokens that are sampled.</summary>
    public int Rows => PrefillsCompleted + DecodeSequences;

    /// <summary>Number of sequences in the step.</summary>
    public int Sequences => PrefillSequences + DecodeSequences;

    /// <summary>The largest part when the sequences are spread over <paramref name="groups"/> groups.</summary>
    internal StepShape Part(int groups) => new(
        Share(PrefillTokens, groups),
        PrefillPairs / groups,
        Share(PrefillSequences, groups),
        Share(PrefillsCompleted, groups),
        Share(DecodeSequences, groups),
        (ContextTokens + groups - 1) / groups);

    private static int Share(int count, int groups) => (count + groups - 1) / groups;
}
