using System.Threading.Tasks.Sources;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>The read of a connection that waits for bytes. It is used again for each read, so that none allocates memory.</summary>
internal sealed class PendingRead : IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> source;
    private Memory<byte> buffer;

    /// <summary>Whether a read waits.</summary>
    internal bool IsWaiting { get; private set; }

    /// <summary>Where the bytes of the read go.</summary>
    internal Span<byte> Buffer => buffer.Span;

    /// <summary>Begins a read.</summary>
    internal ValueTask<int> Begin(Memory<byte> target)
    {
        source.Reset();
        buffer = target;
        IsWaiting = true;
        return new ValueTask<int>(this, source.Version);
    }

    /// <summary>Notes that the read waits no more. <see cref="Complete"/> or <see cref="Fail"/> follows, outside of all locks.</summary>
    /// <returns>Whether a read waited.</returns>
    internal bool Stop()
    {
        bool wasWaiting = IsWaiting;
        IsWaiting = false;
        buffer = default;
        return wasWaiting;
    }

    internal void Complete(int count) => source.SetResult(count);

    internal void Fail(IOException exception) => source.SetException(exception);

    int IValueTaskSource<int>.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
