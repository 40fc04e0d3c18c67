using GreenServe.Engine.Runners;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Engine.Inference;

/// <summary>A request in the engine: its tokens so far, and the sink to which they go.</summary>
internal sealed class InferenceSequence : Sequence
{
    private readonly GenerationRequest request;
    private readonly ulong seed;
    private readonly ReadOnlyMemory<int> endTokens;
    private readonly int[] tokens;
    private int count;

    /// <summary>Creates a sequence. The engine's thread adds it to the scheduler later.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="sink">Receives the tokens.</param>
    /// <param name="seed">The seed of the sampling.</param>
    /// <param name="endTokens">The tokens that end a text.</param>
    /// <param name="cancellationToken">Cancelled when the client has left.</param>
    internal InferenceSequence(
        GenerationRequest request, IGenerationSink sink, long seed, ReadOnlyMemory<int> endTokens, CancellationToken cancellationToken)
        : base(request.Prompt.Length, request.MaxTokens)
    {
        this.request = request;
        this.seed = (ulong)seed;
        this.endTokens = endTokens;
        Sink = sink;
        CancellationToken = cancellationToken;
        tokens = new int[request.Prompt.Length + request.MaxTokens];
        request.Prompt.Span.CopyTo(tokens);
        count = request.Prompt.Length;
    }

    internal IGenerationSink Sink { get; }

    internal CancellationToken CancellationToken { get; }

    /// <summary>The number of the sequence in the runner; <c>null</c> while it holds no slot there.</summary>
    internal int? RunnerSequence { get; set; }

    /// <summary>Why the output ended with its last token; <c>null</c> if it goes on.</summary>
    internal FinishReason? Ended { get; private set; }

    /// <summary>Creates the work of one chunk of the prompt. After a preemption the tokens generated before belong to the prompt.</summary>
    /// <param name="runnerSequence">The number of the sequence in the runner.</param>
    /// <param name="offset">The position of the chunk's first token.</param>
    /// <param name="length">The number of tokens in the chunk.</param>
    /// <param name="completes">Whether the chunk is the last one, so that a token is chosen after it.</param>
    internal SequenceWork Chunk(int runnerSequence, int offset, int length, bool completes) =>
        new(runnerSequence, tokens.AsMemory(offset, length), offset, completes ? Choice() : null);

    /// <summary>Creates the work of a decode step: the last token runs, and the next token is chosen.</summary>
    /// <param name="runnerSequence">The number of the sequence in the runner.</param>
    internal SequenceWork NextToken(int runnerSequence) =>
        new(runnerSequence, tokens.AsMemory(count - 1, 1), count - 1, Choice());

    /// <summary>Adds the token that the runner chose and passes it to the sink, with the reason if the output ends with it.</summary>
    internal void Append(int token)
    {
        tokens[count++] = token;
        bool endsText = !request.IgnoreEndOfSequence && endTokens.Span.Contains(token);
        Ended = endsText ? FinishReason.Stop : count == tokens.Length ? FinishReason.Length : null;
        Sink.Accept(tokens.AsSpan(count - 1, 1), Ended);
    }

    private TokenChoice Choice()
    {
        int index = count - PromptTokens;
        bool mustGoOn = index < request.MinTokens && !request.IgnoreEndOfSequence;
        return new TokenChoice(request.Temperature, request.TopP, Uniform(index), mustGoOn ? endTokens : default);
    }

    /// <summary>
    /// Computes the random number of one token, uniform in [0, 1). It depends on nothing but the seed and the index of the token.
    /// </summary>
    private double Uniform(int index)
    {
        ulong value = (seed * 0x9E3779B97F4A7C15UL) + ((ulong)index * 0xD1B54A32D192ED03UL);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        value ^= value >> 31;
        return (value >> 11) * (1.0 / (1UL << 53));
    }
}
