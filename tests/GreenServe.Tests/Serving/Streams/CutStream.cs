namespace GreenServe.Tests.Serving.Streams;

/// <summary>Bytes that arrive a few at a time.</summary>
internal sealed class CutStream(byte[] bytes, int maxBytes) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(maxBytes, buffer.Length)], cancellationToken);
}
