using System.Buffers;

namespace GreenServe.Serving.Buffers;

/// <summary>The beginning of a line whose end has not come yet. It needs memory only once a read has cut a line.</summary>
/// <param name="expectedBytes">Room for the first line (bytes), at least 1. It doubles for longer lines.</param>
internal sealed class PartialLine(int expectedBytes) : IDisposable
{
    private byte[] buffer = [];

    /// <summary>Length of the beginning (bytes).</summary>
    internal int Length { get; private set; }

    /// <summary>The beginning, valid until the next call.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    /// <summary>Adds bytes to the beginning.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        int needed = Length + bytes.Length;
        if (needed > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(expectedBytes, Math.Max(needed, buffer.Length * 2)));
            Bytes.CopyTo(larger);
            Return(buffer);
            buffer = larger;
        }

        bytes.CopyTo(buffer.AsSpan(Length));
        Length = needed;
    }

    /// <summary>Ends the line.</summary>
    /// <param name="end">The rest of the line.</param>
    /// <returns>The whole line, valid until the next call: <paramref name="end"/> itself where nothing came before it.</returns>
    internal ReadOnlySpan<byte> Complete(ReadOnlySpan<byte> end)
    {
        if (Length == 0)
        {
            return end;
        }

        Append(end);
        ReadOnlySpan<byte> line = Bytes;
        Length = 0;
        return line;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        byte[] released = buffer;
        (buffer, Length) = ([], 0);
        Return(released);
    }

    private static void Return(byte[] released)
    {
        if (released.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(released);
        }
    }
}
