using GreenServe.Engine.Runners;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Engine.Inference;

/// <summary>A request in the engine: its tokens so far, and where they go.</summary>
internal sealed class InferenceSequence : Sequence
{
    private readonly GenerationRequest request;
    private readonly ulong seed;
    private readonly ReadOnlyMemory<int> endTokens;
    private readonly int[] tokens;
    private int count;

    /// <summary>Queues nothing yet: the engine's thread does.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="sink">Where tokens go.</param>
    /// <param name="seed">Seed of its sampling.</param>
    /// <param name="endTokens">Tokens that end a text.</param>
    /// <param name="cancellationToken">Cancelled when the client left.</param>
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

    /// <summary>Its number in the runner while it holds a slot there; else -1.</summary>
    internal int RunnerSequence { get; set; } = -1;

    /// <summary>Whether the last token ended the text.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>A chunk of the prompt, or after a preemption of the prompt and what was generated.</summary>
    internal SequenceWork Chunk(int offset, int length, bool completes) =>
        new(RunnerSequence, tokens.AsMemory(offset, length), offset, completes ? Choice() : null);

    /// <summary>The last token, from which the next one comes.</summary>
    internal SequenceWork NextToken() => new(RunnerSequence, tokens.AsMemory(count - 1, 1), count - 1, Choice());

    /// <summary>Takes the token that the runner chose.</summary>
    internal void Append(int token)
    {
        tokens[count++] = token;
        HasEnded = !request.IgnoreEndOfSequence && endTokens.Span.Contains(token);
        Sink.Accept(tokens.AsSpan(count - 1, 1));
    }

    private TokenChoice Choice()
    {
        int index = count - PromptTokens;
        bool mustGoOn = index < request.MinTokens && !request.IgnoreEndOfSequence;
        return new TokenChoice(request.Temperature, request.TopP, Uniform(index), mustGoOn ? endTokens : default);
    }

    /// <summary>The random number of one token: the same for the same seed, whatever else runs and however often it is asked.</summary>
    private double Uniform(int index)
    {
        ulong value = (seed * 0x9E3779B97F4A7C15UL) + ((ulong)index * 0xD1B54A32D192ED03UL);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        value ^= value >> 31;
        return (value >> 11) * (1.0 / (1UL << 53));
    }
}
