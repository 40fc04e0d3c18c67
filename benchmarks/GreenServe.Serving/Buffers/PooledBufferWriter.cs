using System.Buffers;

namespace GreenServe.Serving.Buffers;

/// <summary>Collects bytes in one array from the shared pool, which grows as needed.</summary>
/// <param name="expectedBytes">Size of the first array (bytes), at least 1.</param>
internal sealed class PooledBufferWriter(int expectedBytes) : IBufferWriter<byte>
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(expectedBytes);
    private int length;

    /// <summary>Hands the array to the caller, who returns it to the shared pool. The writer must not be used any more.</summary>
    internal (byte[] Buffer, int Length) Detach() => (buffer, length);

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(1, sizeHint));
        return buffer.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void MakeRoom(int size)
    {
        if (buffer.Length - length >= size)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + size));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
