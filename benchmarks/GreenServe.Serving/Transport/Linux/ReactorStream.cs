using System.Net;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>
/// One connection of a <see cref="Reactor"/>. It allows one read and one write at a time. Any thread may call <see cref="Abort"/>.
/// </summary>
/// <remarks>
/// The epoll is edge-triggered: the kernel announces each arrival once. The code that awaits a read goes on at once, on the reactor's
/// thread, so that nothing else lies between the arrival of a byte and its parser. Cancelling a read ends the connection, which
/// SocketsHttpHandler would do anyway.
/// </remarks>
internal sealed partial class ReactorStream : TransportStream
{
    private readonly Reactor reactor;
    private readonly NativeConnection connection;
    private readonly Lock gate = new();
    private TaskCompletionSource? writable;
    private bool hasHungUp;
    private bool isClosed;

    private ReactorStream(Reactor reactor, NativeConnection connection)
    {
        this.reactor = reactor;
        this.connection = connection;
        reactor.HasKernelStamps = connection.HasKernelStamps;
    }

    internal override bool IsOpen
    {
        get
        {
            lock (gate)
            {
                return !isClosed && !hasHungUp;
            }
        }
    }

    internal static ReactorStream Open(Reactor reactor, IPEndPoint peer) => new(reactor, NativeConnection.Create(peer.AddressFamily));

    internal async Task ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        TaskCompletionSource established = new(TaskCreationOptions.RunContinuationsAsynchronously);
        writable = established;
        using (cancellationToken.UnsafeRegister(static stream => ((ReactorStream)stream!).Abort(), this))
        {
            // The kernel reports a socket that has not begun to connect as hung up, so it is registered only now.
            lock (gate)
            {
                ThrowIfClosed();
                connection.BeginConnect(peer);
                reactor.Add(this, connection.Descriptor);
            }

            await established.Task.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            ThrowIfClosed();
            connection.CheckConnected();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeginWrite();
        return TrySend(ref buffer) ? ValueTask.CompletedTask : new ValueTask(FinishWriteAsync(buffer, cancellationToken));
    }

    internal override void Abort()
    {
        bool wasReading;
        TaskCompletionSource? waitingWriter;
        Reception? ended;
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            isClosed = true;
            wasReading = reading.Stop();
            waitingWriter = writable;
            (ended, reception) = (reception, null);
            ended?.Fail(ClosedHere());
            reactor.Remove(this, connection.Descriptor);
            connection.Close();
        }

        waitingWriter?.TrySetResult();
        if (wasReading)
        {
            reading.Fail(ClosedHere());
        }

        ended?.Complete();
    }

    /// <summary>Handles a change that the kernel has reported. The reactor's thread calls it.</summary>
    internal void HandleEvents(uint events)
    {
        TaskCompletionSource? writer = null;
        int? received = null;
        IOException? failure = null;
        Reception? ended = null;
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            if ((events & (NativeSocket.Writable | NativeSocket.Failed | NativeSocket.HungUp)) != 0)
            {
                (writer, writable) = (writable, null);
            }

            hasHungUp |= (events & (NativeSocket.PeerClosed | NativeSocket.HungUp | NativeSocket.Failed)) != 0;
            if (hasHungUp || (events & NativeSocket.Readable) != 0)
            {
                mayHaveBytes = true;
                if (reading.IsWaiting)
                {
                    received = TryFinishRead(out failure);
                }
                else if (reception is not null)
                {
                    ended = HandOver(reactor.Buffer);
                }
            }
        }

        ended?.Complete();

        writer?.TrySetResult();
        if (failure is not null)
        {
            reading.Fail(failure);
        }
        else if (received is { } count)
        {
            reading.Complete(count);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Abort();
        base.Dispose(disposing);
    }

    /// <summary>Sends as many bytes as the kernel takes at once, and returns whether those were all.</summary>
    private bool TrySend(ref ReadOnlyMemory<byte> buffer)
    {
        lock (gate)
        {
            ThrowIfClosed();
            while (buffer.Length > 0)
            {
                if (connection.Send(buffer.Span) is not { } sent)
                {
                    writable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return false;
                }

                buffer = buffer[sent..];
            }

            return true;
        }
    }

    private async Task FinishWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        do
        {
            Task ready;
            lock (gate)
            {
                ready = writable?.Task ?? Task.CompletedTask;
            }

            await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!TrySend(ref buffer));
    }

    private void ThrowIfClosed()
    {
        if (isClosed)
        {
            throw ClosedHere();
        }
    }

    private static IOException ClosedHere() => new("The connection was closed by this side.");
}
