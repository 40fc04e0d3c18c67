namespace GreenServe.Metering.Sampling;

/// <summary>A queue between two threads that never grows: what finds it full is dropped and counted.</summary>
/// <param name="capacity">The number of items that it holds.</param>
internal sealed class BoundedBuffer<T>(int capacity)
{
    private readonly Lock gate = new();
    private readonly T[] items = new T[capacity];
    private int first;
    private int count;
    private long dropped;

    /// <summary>The number of items that found the queue full.</summary>
    internal long Dropped => Interlocked.Read(ref dropped);

    internal void Add(T item)
    {
        lock (gate)
        {
            if (count == items.Length)
            {
                Interlocked.Increment(ref dropped);
                return;
            }

            items[(first + count++) % items.Length] = item;
        }
    }

    /// <summary>Moves every item to the end of a list, oldest first.</summary>
    internal void DrainTo(List<T> target)
    {
        lock (gate)
        {
            for (; count > 0; count--)
            {
                target.Add(items[first]);
                first = (first + 1) % items.Length;
            }
        }
    }
}
