using GreenServe.Engine.Runners;

namespace GreenServe.Tests.Engine.Inference;

/// <summary>
/// A runner whose next token is a hash of all tokens of the sequence. A token that runs twice, is left out or runs in a foreign slot
/// therefore changes the output. The runner checks positions as a real one does.
/// </summary>
internal sealed class CountingRunner(int slots, int contextTokens) : IDecoderRunner
{
    internal const int VocabularySize = 97;
    private readonly Dictionary<int, List<int>> sequences = [];
    private int next;

    public RunnerDescription Description { get; } = new()
    {
        Library = "test",
        Device = "none",
        Precision = "exact",
        Weights = "none",
        WeightBytes = 0,
        CacheBytes = 0,
        Slots = slots,
        ContextTokens = contextTokens,
    };

    /// <summary>Called before each step with its entries. It may throw or block.</summary>
    internal Action<SequenceWork[]>? BeforeStep { get; set; }

    internal int OpenCount
    {
        get
        {
            lock (sequences)
            {
                return sequences.Count;
            }
        }
    }

    internal bool IsDisposed { get; private set; }

    /// <summary>Computes the tokens that follow a prompt.</summary>
    internal static int[] Expected(int[] prompt, int count)
    {
        List<int> tokens = [.. prompt];
        for (int index = 0; index < count; index++)
        {
            tokens.Add(Next(tokens));
        }

        return [.. tokens.Skip(prompt.Length)];
    }

    public int OpenSequence()
    {
        lock (sequences)
        {
            Assert.True(sequences.Count < slots, "more sequences than slots");
            sequences[next] = [];
            return next++;
        }
    }

    public void CloseSequence(int sequence)
    {
        lock (sequences)
        {
            Assert.True(sequences.Remove(sequence), "closed twice");
        }
    }

    public void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default)
    {
        BeforeStep?.Invoke(work.ToArray());
        lock (sequences)
        {
            for (int index = 0; index < work.Length; index++)
            {
                List<int> tokens = sequences[work[index].Sequence];
                Assert.Equal(tokens.Count, work[index].Position);
                tokens.AddRange(work[index].Tokens.Span);
                Assert.True(tokens.Count <= contextTokens, "longer than the context");
                if (work[index].Choice is { } choice)
                {
                    nextTokens[index] = Allowed(Next(tokens), choice);
                }
            }
        }
    }

    public void Dispose() => IsDisposed = true;

    private static int Next(List<int> tokens)
    {
        int sum = 1;
        foreach (int token in tokens)
        {
            sum = ((sum * 31) + token) % VocabularySize;
        }

        return sum;
    }

    private static int Allowed(int token, TokenChoice choice) =>
        choice.Forbidden.Span.Contains(token) ? (token + 1) % VocabularySize : token;
}
