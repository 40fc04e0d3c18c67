namespace GreenServe.Engine.Runners;

/// <summary>
/// Runs a decoder: holds weights and the key and value cache, executes what the scheduler decided. Used by one thread at a time.
/// </summary>
public interface IDecoderRunner : IDisposable
{
    /// <summary>What it is and what it took.</summary>
    RunnerDescription Description { get; }

    /// <summary>Takes a slot of the cache for a new sequence.</summary>
    /// <returns>The sequence's number, until it is closed.</returns>
    /// <exception cref="InvalidOperationException">Every slot is taken.</exception>
    int OpenSequence();

    /// <summary>Frees a sequence's slot; its cache is gone.</summary>
    void CloseSequence(int sequence);

    /// <summary>Executes one step.</summary>
    /// <param name="work">At most one entry a sequence; at least one entry.</param>
    /// <param name="nextTokens">Receives the chosen token of each entry, -1 where none was asked for.</param>
    /// <param name="scores">
    /// Empty, or room for the model's raw scores (logits), one row of the vocabulary an entry; rows of entries without a choice are left
    /// alone. For checks: it costs a copy.
    /// </param>
    void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default);
}
