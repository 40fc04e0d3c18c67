namespace GreenServe.Engine.Runners.Checks;

/// <summary>Collects the tokens that one request generates.</summary>
internal sealed class TokenCollector : IGenerationSink
{
    private readonly List<int> tokens = [];
    private readonly TaskCompletionSource<int[]> finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A task that completes when the request has ended. Its result is all tokens of the request.</summary>
    /// <exception cref="InvalidOperationException">The request failed.</exception>
    internal Task<int[]> Tokens => finished.Task;

    public void Accept(ReadOnlySpan<int> tokenIds, FinishReason? finish = null)
    {
        tokens.AddRange(tokenIds);
        if (finish is { } reason)
        {
            Finish(reason);
        }
    }

    public void Finish(FinishReason reason, string? error = null)
    {
        if (reason == FinishReason.Error)
        {
            finished.TrySetException(new InvalidOperationException(error));
        }
        else
        {
            finished.TrySetResult([.. tokens]);
        }
    }
}
