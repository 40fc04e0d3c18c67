using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Engine.Runners;

/// <summary>
/// Runs a decoder. A runner holds the weights and the key-value cache, and executes the steps that the scheduler decides.
/// </summary>
/// <remarks>Only one thread may use a runner at a time.</remarks>
public interface IDecoderRunner : IDisposable
{
    /// <summary>Description of the runner, with the memory it uses.</summary>
    RunnerDescription Description { get; }

    /// <summary>Takes a slot of the cache for a new sequence.</summary>
    /// <returns>The number of the sequence, which is valid until the sequence is closed.</returns>
    /// <exception cref="InvalidOperationException">Every slot is taken.</exception>
    int OpenSequence();

    /// <summary>Frees the slot of a sequence and drops its cache.</summary>
    void CloseSequence(int sequence);

    /// <summary>Executes one step for a batch of sequences.</summary>
    /// <param name="work">At least one entry, and at most one entry for each sequence.</param>
    /// <param name="nextTokens">
    /// Receives the chosen token of each entry that has a choice. It has at least as many places as <paramref name="work"/>. The places of
    /// entries without a choice keep their values.
    /// </param>
    /// <param name="scores">
    /// Receives the model's raw scores (logits): one row of vocabulary size for each entry that has a choice. The rows of the other
    /// entries keep their values. It may be empty, which saves the copy; only checks need scores.
    /// </param>
    void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default);
}

/// <summary>The work of one step for one sequence: some tokens to run through the model, and the choice of the next token.</summary>
/// <param name="Sequence">The number of the sequence, as <see cref="IDecoderRunner.OpenSequence"/> returned it.</param>
/// <param name="Tokens">The tokens to run, at least one. They are a chunk of the prompt, or the token that was chosen last.</param>
/// <param name="Position">The position of the first token, which is the number of tokens of the sequence that have run before.</param>
/// <param name="Choice">How to choose the token that follows; <c>null</c> if the prompt has further chunks.</param>
public readonly record struct SequenceWork(int Sequence, ReadOnlyMemory<int> Tokens, int Position, TokenChoice? Choice);

/// <summary>The inputs that every runner needs to load a decoder.</summary>
/// <param name="Shape">The shape of the decoder.</param>
/// <param name="Weights">The weights of the decoder.</param>
/// <param name="Slots">The number of sequences for which the cache has room, at least 1.</param>
/// <param name="ContextTokens">The largest number of tokens in a sequence, at most the model's own context.</param>
public sealed record RunnerOptions(DecoderShape Shape, IWeightSource Weights, int Slots, int ContextTokens);
