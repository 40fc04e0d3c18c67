using System.Runtime.CompilerServices;

namespace GreenServe.Workloads.Schedules;

/// <summary>One value for each request of a schedule. It takes no memory for as long as all values are equal.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
/// <remarks>Values lie in chunks, so that a growing column is never copied.</remarks>
internal sealed class RequestColumn<T>
{
    /// <summary>Number of bits of an index within a chunk: 4,096 values of up to 8 bytes stay out of the heap for large objects.</summary>
    private const int ChunkBits = 12;

    private const int ChunkValues = 1 << ChunkBits;

    private readonly List<T[]> chunks = [];
    private T first = default!;
    private int count;

    /// <summary>Memory of the values, in bytes, without what they refer to.</summary>
    internal long Bytes => (long)chunks.Count * ChunkValues * Unsafe.SizeOf<T>();

    /// <summary>The value of a request, which must have been added.</summary>
    internal T this[int index] => chunks.Count == 0 ? first : chunks[index >> ChunkBits][index & (ChunkValues - 1)];

    /// <summary>Adds the value of the next request.</summary>
    internal void Add(T value)
    {
        if (count == 0)
        {
            first = value;
        }

        if (chunks.Count > 0)
        {
            Store(value);
        }
        else if (!EqualityComparer<T>.Default.Equals(value, first))
        {
            int equal = count;
            for (count = 0; count < equal; count++)
            {
                Store(first);
            }

            Store(value);
        }

        count++;
    }

    private void Store(T value)
    {
        int place = count & (ChunkValues - 1);
        if (place == 0)
        {
            chunks.Add(new T[ChunkValues]);
        }

        chunks[^1][place] = value;
    }
}
