namespace GreenServe.Serving.Transport.Linux;

/// <summary>What a connection hands over to one receiver, until that wants no more, the peer ends, or something fails.</summary>
/// <param name="receiver">Takes the bytes.</param>
internal sealed class Reception(IReceiver receiver)
{
    /// <summary>Whoever waits goes on at once, on the thread that received the last bytes.</summary>
    private readonly TaskCompletionSource<bool> end = new();
    private Exception? failure;
    private bool isSatisfied;

    /// <summary>Completes with whether the receiver had all it wanted; otherwise the peer ended first.</summary>
    internal Task<bool> Task => end.Task;

    /// <summary>Hands bytes over; none mean that the peer has ended.</summary>
    /// <returns>Whether the reception goes on. If not, <see cref="Complete"/> is to be called outside of all locks.</returns>
    internal bool TryGoOn(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return false;
        }

        try
        {
            isSatisfied = !receiver.Take(bytes);
        }
        catch (Exception exception)
        {
            // Whoever waits throws it.
            failure = exception;
        }

        return !isSatisfied && failure is null;
    }

    /// <summary>Notes why the connection failed.</summary>
    internal void Fail(IOException exception) => failure = exception;

    /// <summary>Tells whoever waits that it is over.</summary>
    internal void Complete()
    {
        if (failure is null)
        {
            end.TrySetResult(isSatisfied);
        }
        else
        {
            end.TrySetException(failure);
        }
    }
}
