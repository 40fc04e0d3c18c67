namespace GreenServe.Tests.Serving.Dialects;

/// <summary>Bytes that arrive a few at a time.</summary>
internal sealed class CutStream(byte[] bytes, int most) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
}
