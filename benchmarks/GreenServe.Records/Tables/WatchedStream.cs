namespace GreenServe.Records.Tables;

/// <summary>A stream that remembers how much was written and why a write failed, below a library that hides both.</summary>
/// <param name="inner">Where the bytes go.</param>
/// <param name="leaveOpen">Whether it stays open when this stream is closed.</param>
internal sealed class WatchedStream(Stream inner, bool leaveOpen = false) : Stream
{
    /// <summary>Bytes that were written.</summary>
    internal long Written { get; private set; }

    /// <summary>The first failure of a write; <c>null</c> if there was none.</summary>
    internal IOException? Failure { get; private set; }

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => Written;

    /// <inheritdoc />
    public override long Position { get => Written; set => throw new NotSupportedException(); }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
            Written += buffer.Length;
        }
        catch (IOException exception)
        {
            Failure ??= exception;
            throw;
        }
    }

    /// <inheritdoc />
    public override void Flush() => inner.Flush();

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => inner.SetLength(value);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
