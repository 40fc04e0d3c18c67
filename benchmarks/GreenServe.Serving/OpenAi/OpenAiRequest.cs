using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>A request whose body has been written, and its head too where this suite writes it.</summary>
/// <param name="request">The request of the schedule.</param>
/// <param name="buffer">An array from the shared pool. It is returned on disposal.</param>
/// <param name="head">Where the head lies in the array, right before the body; empty where the HTTP client writes it.</param>
/// <param name="body">Where the body lies in the array.</param>
internal sealed class OpenAiRequest(ScheduledRequest request, byte[] buffer, Range head, Range body) : PreparedRequest(request)
{
    private byte[]? buffer = buffer;
    private Range head = head;

    public override int Bytes => body.End.Value - body.Start.Value;

    /// <summary>Head and body, as they go over the wire.</summary>
    internal ReadOnlyMemory<byte> Message => buffer.AsMemory(head.Start.Value..body.End.Value);

    private ReadOnlyMemory<byte> Body => buffer.AsMemory(body);

    /// <summary>The body as the content of an HTTP request. It can be sent once.</summary>
    /// <param name="trace">Is told when the bytes go.</param>
    internal HttpContent ToContent(RequestTrace trace) => new BodyContent(Body, trace);

    /// <summary>Writes another head in front of the body, for another endpoint.</summary>
    /// <param name="writer">Writes heads for that endpoint; <c>null</c> where the HTTP client writes them.</param>
    /// <param name="name">The client's name of the request.</param>
    internal void WriteHead(RequestHead? writer, string name)
    {
        int room = body.Start.Value;
        int headBytes = writer?.WriteBefore(buffer.AsSpan(0, room), name, Bytes) ?? 0;
        head = (room - headBytes)..room;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        base.Dispose(disposing);
    }

    /// <summary>A body that can be sent once, so that the HTTP client cannot repeat a measured request without being noticed.</summary>
    private sealed class BodyContent : HttpContent
    {
        private static readonly MediaTypeHeaderValue Json = new("application/json");
        private readonly ReadOnlyMemory<byte> body;
        private readonly RequestTrace trace;
        private int sent;

        internal BodyContent(ReadOnlyMemory<byte> body, RequestTrace trace)
        {
            this.body = body;
            this.trace = trace;
            Headers.ContentType = Json;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref sent, 1) != 0)
            {
                throw new IOException("The request would have been sent twice.");
            }

            // The connection is there, and the headers wait in its buffer for these bytes.
            trace.Issue();
            return stream.WriteAsync(body, cancellationToken).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
