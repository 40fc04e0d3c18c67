namespace GreenServe.Engine.Runners.Checks;

/// <summary>Collects what one request generates.</summary>
internal sealed class TokenCollector : IGenerationSink
{
    private readonly List<int> tokens = [];
    private readonly TaskCompletionSource<int[]> finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All tokens, when the request has ended.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal Task<int[]> Tokens => finished.Task;

    public void Accept(ReadOnlySpan<int> tokenIds) => tokens.AddRange(tokenIds);

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
