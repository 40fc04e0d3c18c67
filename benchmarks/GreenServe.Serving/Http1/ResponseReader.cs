using System.Buffers.Text;
using System.Net;
using GreenServe.Serving.Buffers;
using GreenServe.Serving.Transport;

namespace GreenServe.Serving.Http1;

/// <summary>Takes a response from its connection: head, framing and body (RFC 9112). A piece of the body is not copied.</summary>
/// <param name="exchange">Receives the head and the pieces of the body.</param>
internal sealed class ResponseReader(IHttpExchange exchange) : IReceiver, IDisposable
{
    /// <summary>Longest line between the pieces of a body (bytes): a size with its extensions, or a trailer.</summary>
    private const int MaxLineBytes = 16 * 1024;

    /// <summary>Length of a usual header or size (bytes), with room to spare.</summary>
    private const int UsualLineBytes = 256;

    private readonly ResponseHead head = new();
    private readonly PartialLine beginning = new(UsualLineBytes);
    private Part part;
    private long remaining;
    private bool hasExcess;
    private bool isGivenUp;

    private enum Part
    {
        Head,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        BodyOfLength,
        BodyUntilEnd,
        Whole,
    }

    /// <summary>Whether the status and all headers have come.</summary>
    internal bool HasHead => part != Part.Head;

    /// <summary>Whether the connection can carry another request: the response is whole, nothing followed it, and it stays open.</summary>
    internal bool LeavesConnectionReusable => part == Part.Whole && !hasExcess && !isGivenUp && head.KeepsOpen;

    /// <inheritdoc />
    /// <exception cref="HttpRequestException">The head is not that of a response.</exception>
    /// <exception cref="HttpIOException">The framing of the body is broken.</exception>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && part != Part.Whole && !isGivenUp)
        {
            if (part is Part.Chunk or Part.BodyOfLength or Part.BodyUntilEnd)
            {
                TakeBody(ref bytes);
            }
            else
            {
                TakeLine(ref bytes);
            }
        }

        hasExcess = !bytes.IsEmpty;
        return part != Part.Whole && !isGivenUp;
    }

    /// <summary>Takes the end of the connection, which ends a response that states no length.</summary>
    /// <exception cref="HttpRequestException">No whole head came.</exception>
    /// <exception cref="HttpIOException">The body is not whole.</exception>
    internal void TakeEnd()
    {
        const string Ended = "The response ended prematurely.";
        if (!HasHead)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, Ended);
        }

        if (part is not (Part.BodyUntilEnd or Part.Whole))
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, Ended);
        }
    }

    /// <summary>Returns the memory of the response to the pool.</summary>
    public void Dispose() => beginning.Dispose();

    private void TakeBody(ref ReadOnlySpan<byte> bytes)
    {
        int count = part == Part.BodyUntilEnd ? bytes.Length : (int)Math.Min(bytes.Length, remaining);
        isGivenUp = !exchange.TakeBody(bytes[..count]);
        bytes = bytes[count..];
        remaining -= count;
        if (part != Part.BodyUntilEnd && remaining == 0)
        {
            part = part == Part.Chunk ? Part.ChunkEnd : Part.Whole;
        }
    }

    private void TakeLine(ref ReadOnlySpan<byte> bytes)
    {
        int length = bytes.IndexOf((byte)'\n');
        if (length < 0)
        {
            Keep(bytes);
            bytes = default;
            return;
        }

        ReadOnlySpan<byte> line = beginning.Complete(bytes[..length]);
        bytes = bytes[(length + 1)..];
        Take(line is [.., (byte)'\r'] ? line[..^1] : line, part);
    }

    private void Take(ReadOnlySpan<byte> line, Part at)
    {
        switch (at)
        {
            case Part.Head:
                if (head.Take(line) is { } response)
                {
                    part = BodyOf(response.StatusCode);
                    exchange.TakeHead(response);
                }

                break;
            case Part.ChunkSize:
                remaining = SizeOf(line);
                part = remaining > 0 ? Part.Chunk : Part.Trailer;
                break;
            case Part.ChunkEnd:
                part = line.IsEmpty ? Part.ChunkSize : throw Broken("a chunk has no end");
                break;
            default:
                part = line.IsEmpty ? Part.Whole : Part.Trailer;
                break;
        }
    }

    private Part BodyOf(HttpStatusCode status)
    {
        remaining = head.ContentLength ?? 0;
        return status is HttpStatusCode.NoContent or HttpStatusCode.NotModified ? Part.Whole
            : head.IsChunked ? Part.ChunkSize
            : head.ContentLength is null ? Part.BodyUntilEnd
            : remaining > 0 ? Part.BodyOfLength
            : Part.Whole;
    }

    private static long SizeOf(ReadOnlySpan<byte> line)
    {
        bool isSize = Utf8Parser.TryParse(line, out long size, out int digits, 'x') && size >= 0
            && (digits == line.Length || line[digits] is (byte)';' or (byte)' ' or (byte)'\t');
        return isSize ? size : throw Broken("a chunk has no size");
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        int needed = beginning.Length + bytes.Length;
        if (HasHead && needed > MaxLineBytes)
        {
            throw Broken("a line between its chunks does not end");
        }

        if (!HasHead && needed > ResponseHead.MaxBytes)
        {
            throw ResponseHead.TooLong();
        }

        beginning.Append(bytes);
    }

    private static HttpIOException Broken(string what) => new(HttpRequestError.InvalidResponse, $"the body is broken: {what}");
}
