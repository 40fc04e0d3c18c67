using GreenServe.Serving.Transport;

namespace GreenServe.Serving.Http1;

/// <summary>Connections that speak HTTP/1.1, and those of them that wait for their next request. Thread-safe.</summary>
/// <remarks>
/// .NET's own client reads a body through several layers that wait for each token, which takes more processor time than everything else
/// that a token needs, and about 540 bytes of memory. Here the thread that receives the bytes hands them on where they lie.
/// </remarks>
/// <param name="open">Opens a connection.</param>
/// <param name="idleLimit">Longest time that a connection may have waited and is used again.</param>
internal sealed class Http1Connections(Func<CancellationToken, ValueTask<TransportStream>> open, TimeSpan idleLimit) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>The connections that wait, the one that has waited for the shortest time last.</summary>
    private readonly List<Idle> waiting = [];
    private bool isDisposed;

    /// <summary>Sends a request and hands over its response.</summary>
    /// <param name="request">The bytes of the request, head and body.</param>
    /// <param name="exchange">Takes the response. What it throws ends the request and is thrown here.</param>
    /// <param name="cancellationToken">Gives the request up and ends its connection.</param>
    /// <exception cref="HttpRequestException">The connection failed before a head had come, or that is not HTTP/1.1.</exception>
    /// <exception cref="IOException">The connection broke inside the body, or the framing of that is broken.</exception>
    internal async Task SendAsync(ReadOnlyMemory<byte> request, IHttpExchange exchange, CancellationToken cancellationToken)
    {
        TransportStream connection = TakeIdle() ?? await open(cancellationToken).ConfigureAwait(false);
        bool isReusable = false;
        try
        {
            await using (cancellationToken.UnsafeRegister(static stream => ((TransportStream)stream!).Abort(), connection)
                .ConfigureAwait(false))
            {
                isReusable = await SendAsync(connection, request, exchange, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            GiveBack(connection, isReusable);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (Idle idle in waiting)
            {
                idle.Connection.Dispose();
            }

            waiting.Clear();
        }
    }

    /// <returns>Whether the connection can carry another request.</returns>
    private static async Task<bool> SendAsync(
        TransportStream connection, ReadOnlyMemory<byte> request, IHttpExchange exchange, CancellationToken cancellationToken)
    {
        exchange.BeginSend(connection);
        using ResponseReader reader = new(exchange);
        try
        {
            await connection.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            if (!await connection.ReceiveAsync(reader, cancellationToken).ConfigureAwait(false))
            {
                reader.TakeEnd();
            }
        }
        catch (IOException exception) when (!reader.HasHead)
        {
            throw new HttpRequestException(exception.Message, exception);
        }

        connection.HasAnswered = true;
        return reader.LeavesConnectionReusable;
    }

    /// <summary>Takes the connection that has waited for the shortest time; <c>null</c> where none is good.</summary>
    private TransportStream? TakeIdle()
    {
        while (TryPop(out Idle idle))
        {
            if (TimeProvider.System.GetElapsedTime(idle.Since) <= idleLimit && idle.Connection.IsQuiet)
            {
                return idle.Connection;
            }

            idle.Connection.Dispose();
        }

        return null;
    }

    private bool TryPop(out Idle idle)
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                idle = default;
                return false;
            }

            idle = waiting[^1];
            waiting.RemoveAt(waiting.Count - 1);
            return true;
        }
    }

    private void GiveBack(TransportStream connection, bool isReusable)
    {
        TransportStream? unwanted = connection;
        lock (gate)
        {
            if (isReusable && !isDisposed)
            {
                waiting.Add(new Idle(connection, TimeProvider.System.GetTimestamp()));
                unwanted = TakeTooOld();
            }
        }

        unwanted?.Dispose();
    }

    /// <summary>
    /// Takes a connection that has waited for too long; <c>null</c> where there is none. As many leave as come, so that few of them stay
    /// open in vain.
    /// </summary>
    private TransportStream? TakeTooOld()
    {
        Idle oldest = waiting[0];
        if (TimeProvider.System.GetElapsedTime(oldest.Since) <= idleLimit)
        {
            return null;
        }

        waiting.RemoveAt(0);
        return oldest.Connection;
    }

    /// <param name="Connection">A connection without a request.</param>
    /// <param name="Since">When its last response had ended; a timestamp of the system's clock.</param>
    private readonly record struct Idle(TransportStream Connection, long Since);
}
