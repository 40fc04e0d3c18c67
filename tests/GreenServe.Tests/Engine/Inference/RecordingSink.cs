using GreenServe.Engine;

namespace GreenServe.Tests.Engine.Inference;

/// <summary>Keeps the tokens that one request generated.</summary>
internal sealed class RecordingSink : IGenerationSink
{
    private readonly TaskCompletionSource<FinishReason> finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> tokens = [];

    /// <summary>Why the request ended. The task fails after 30 s, so that a test cannot hang.</summary>
    internal Task<FinishReason> Finished => finished.Task.WaitAsync(TimeSpan.FromSeconds(30));

    internal string? Error { get; private set; }

    /// <summary>Called with the number of tokens so far.</summary>
    internal Action<int>? OnToken { get; set; }

    internal int[] Tokens
    {
        get
        {
            lock (tokens)
            {
                return [.. tokens];
            }
        }
    }

    public void Accept(ReadOnlySpan<int> tokenIds, FinishReason? finish = null)
    {
        lock (tokens)
        {
            Assert.False(finished.Task.IsCompleted);
            tokens.AddRange(tokenIds);
        }

        OnToken?.Invoke(tokens.Count);
        if (finish is { } reason)
        {
            Finish(reason);
        }
    }

    public void Finish(FinishReason reason, string? error = null)
    {
        Error = error;
        Assert.True(finished.TrySetResult(reason), "finished twice");
    }
}
