using System.Threading.Tasks.Sources;

namespace GreenServe.Engine.Http;

/// <summary>Carries the tokens of one request from the engine's thread to the handler of the response.</summary>
/// <param name="resumesInline">
/// Whether the handler continues at once on the engine's thread. Otherwise it continues on a thread of the pool.
/// </param>
internal sealed class GenerationStream(bool resumesInline) : IGenerationSink, IValueTaskSource
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> signal = new() { RunContinuationsAsynchronously = !resumesInline };
    private List<int> arriving = new(4);
    private List<int> taken = new(4);
    private bool waits;
    private FinishReason? reason;
    private string? error;

    public void Accept(ReadOnlySpan<int> tokenIds, FinishReason? finish = null)
    {
        bool wakes;
        lock (gate)
        {
            arriving.AddRange(tokenIds);
            reason ??= finish;
            wakes = TakeWaiter();
        }

        if (wakes)
        {
            signal.SetResult(true);
        }
    }

    public void Finish(FinishReason reason, string? error = null)
    {
        bool wakes;
        lock (gate)
        {
            this.reason = reason;
            this.error = error;
            wakes = TakeWaiter();
        }

        if (wakes)
        {
            signal.SetResult(true);
        }
    }

    /// <summary>Waits until there are tokens to take or the generation has ended. Only one caller may wait at a time.</summary>
    internal ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (arriving.Count > 0 || reason is not null)
            {
                return ValueTask.CompletedTask;
            }

            signal.Reset();
            waits = true;
            return new ValueTask(this, signal.Version);
        }
    }

    /// <summary>Takes the tokens that have arrived since the last call.</summary>
    /// <param name="finished">Why the generation ended; <c>null</c> if it goes on.</param>
    /// <param name="problem">What went wrong; <c>null</c> unless the engine failed and said why.</param>
    /// <returns>The tokens. The list is valid until the next call.</returns>
    internal List<int> Take(out FinishReason? finished, out string? problem)
    {
        lock (gate)
        {
            (arriving, taken) = (taken, arriving);
            arriving.Clear();
            finished = reason;
            problem = error;
            return taken;
        }
    }

    void IValueTaskSource.GetResult(short token) => signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        signal.OnCompleted(continuation, state, token, flags);

    private bool TakeWaiter()
    {
        bool waited = waits;
        waits = false;
        return waited;
    }
}
