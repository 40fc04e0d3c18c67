namespace GreenServe.Serving.Transport.Linux;

/// <content>How bytes are received: by a read, or by a receiver that takes them where the reactor's thread has put them.</content>
internal sealed partial class ReactorStream
{
    private readonly PendingRead reading = new();
    private Reception? reception;
    private bool mayHaveBytes = true;

    internal override bool IsQuiet
    {
        get
        {
            lock (gate)
            {
                try
                {
                    return !isClosed && !hasHungUp && connection.Receive(default, out _) is null;
                }
                catch (IOException)
                {
                    return false;
                }
            }
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            try
            {
                ThrowIfClosed();
                if ((mayHaveBytes || hasHungUp) && TryReceive(buffer.Span, out int count))
                {
                    return ValueTask.FromResult(count);
                }
            }
            catch (IOException exception)
            {
                return ValueTask.FromException<int>(exception);
            }

            return reading.Begin(buffer);
        }
    }

    internal override Task<bool> ReceiveAsync(IReceiver receiver, CancellationToken cancellationToken)
    {
        Reception started = new(receiver);
        Reception? ended = null;
        lock (gate)
        {
            if (isClosed)
            {
                return Task.FromException<bool>(ClosedHere());
            }

            reception = started;
            if (mayHaveBytes || hasHungUp)
            {
                ended = HandOver(stackalloc byte[ReceptionBytes]);
            }
        }

        ended?.Complete();
        return started.Task;
    }

    /// <summary>Completes the read that waits, where bytes have arrived. The caller holds the lock.</summary>
    private int? TryFinishRead(out IOException? failure)
    {
        failure = null;
        int? received = null;
        try
        {
            received = TryReceive(reading.Buffer, out int count) ? count : null;
        }
        catch (IOException exception)
        {
            failure = exception;
        }

        if (received is not null || failure is not null)
        {
            reading.Stop();
        }

        return received;
    }

    /// <summary>Hands over the bytes that have arrived. The caller holds the lock.</summary>
    /// <returns>The reception if that was its end; <c>null</c> if it goes on.</returns>
    private Reception? HandOver(Span<byte> buffer)
    {
        Reception current = reception!;
        try
        {
            while (true)
            {
                if ((!mayHaveBytes && !hasHungUp) || !TryReceive(buffer, out int count))
                {
                    return null;
                }

                if (!current.TryGoOn(buffer[..count]))
                {
                    break;
                }
            }
        }
        catch (IOException exception)
        {
            current.Fail(exception);
        }

        reception = null;
        return current;
    }

    /// <summary>Reads the bytes that have arrived. The caller holds the lock.</summary>
    /// <returns><c>false</c> as long as nothing has arrived.</returns>
    private bool TryReceive(Span<byte> buffer, out int count)
    {
        int? received = connection.Receive(buffer, out long? wallNanoseconds);
        count = received ?? 0;
        if (received is null)
        {
            mayHaveBytes = false;
            return false;
        }

        // A read that did not fill the buffer took everything, and the kernel announces whatever arrives next.
        mayHaveBytes = count == buffer.Length;
        BytesSinceWrite += count;
        long now = TimeProvider.System.GetTimestamp();
        WallClockOffset wallClock = reactor.WallClock;
        if (wallNanoseconds is { } stamp && wallClock.IsTrusted)
        {
            LastReceiptTimestamp = wallClock.ToMonotonic(stamp, now);
            reactor.CountReceiveLag(now - LastReceiptTimestamp);
        }
        else
        {
            LastReceiptTimestamp = now;
        }

        return true;
    }
}
