using System.Collections.Concurrent;
using GreenServe.Engine;

namespace GreenServe.Tests.Engine.Http;

/// <summary>An engine whose outputs a test decides. Each byte is one token.</summary>
internal sealed class ScriptedEngine : IInferenceEngine
{
    internal BlockingCollection<Generation> Submitted { get; } = [];

    public EngineModel Model { get; init; } = new("test-model", ContextTokens: 1000, VocabularySize: 300);

    public ITextCodec Text { get; } = new ByteTextCodec();

    /// <summary>The text of every output; <c>null</c> if the test generates the tokens itself.</summary>
    internal string? Answer { get; init; }

    public EngineStatus ReadStatus() => new() { Running = 3, Waiting = 2, KvCacheRatio = 0.25, Preemptions = 7 };

    public void Submit(GenerationRequest request, IGenerationSink sink, CancellationToken cancellationToken)
    {
        Generation generation = new(request, sink, cancellationToken);
        Submitted.Add(generation, CancellationToken.None);
        if (Answer is { } answer)
        {
            byte[] tokens = [.. System.Text.Encoding.UTF8.GetBytes(answer).Take(request.MaxTokens)];
            for (int index = 0; index < tokens.Length; index++)
            {
                sink.Accept([tokens[index]], index + 1 == tokens.Length ? FinishReason.Length : null);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Submitted.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record Generation(GenerationRequest Request, IGenerationSink Sink, CancellationToken CancellationToken);
}
