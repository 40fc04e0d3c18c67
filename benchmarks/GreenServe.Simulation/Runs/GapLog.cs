namespace GreenServe.Simulation.Runs;

/// <summary>
/// Durations of an instance's steps by stretch, in order of time. A tree of maxima finds the longest steps between two moments, so that no
/// request has to look at each of its tokens. A stretch is kept for as long as a running request may need it.
/// </summary>
internal sealed class GapLog
{
    private Entry[] entries = new Entry[1024];
    private double[] maxima = new double[2048];

    /// <summary>Number of the next stretch. Stretches are numbered from 0 over the whole run.</summary>
    internal long Next { get; private set; }

    /// <summary>Number of stretches that fit without growing.</summary>
    internal int Capacity => entries.Length;

    /// <summary>Appends a stretch of steps.</summary>
    /// <param name="firstSeconds">Duration of the first step, in seconds.</param>
    /// <param name="incrementSeconds">What each further step takes longer than the step before it, in seconds; not negative.</param>
    /// <param name="count">Number of steps.</param>
    /// <param name="oldestNeeded">Number of the oldest stretch that a request may still need.</param>
    internal void Append(double firstSeconds, double incrementSeconds, int count, long oldestNeeded)
    {
        if (Next - oldestNeeded >= entries.Length)
        {
            Grow(oldestNeeded);
        }

        Put(Next, new Entry(firstSeconds, incrementSeconds, count));
        Next++;
    }

    /// <summary>The stretch with a number. It must still be kept.</summary>
    internal Entry this[long number] => entries[number & (entries.Length - 1)];

    /// <summary>Offers the longest steps of a range of stretches to a collection of the longest gaps.</summary>
    /// <param name="from">Number of the first stretch.</param>
    /// <param name="to">Number after the last stretch.</param>
    /// <param name="longest">The collection.</param>
    internal void Collect(long from, long to, LongestGaps longest)
    {
        if (from >= to)
        {
            return;
        }

        int size = entries.Length;
        int start = (int)(from & (size - 1));
        int length = (int)(to - from);
        Visit(1, 0, size, start, Math.Min(size, start + length), longest);
        if (start + length > size)
        {
            Visit(1, 0, size, 0, start + length - size, longest);
        }
    }

    private void Visit(int node, int nodeStart, int nodeLength, int start, int end, LongestGaps longest)
    {
        if (nodeStart >= end || nodeStart + nodeLength <= start || maxima[node] <= longest.ThresholdSeconds)
        {
            return;
        }

        if (nodeLength == 1)
        {
            entries[nodeStart].Offer(longest);
            return;
        }

        int half = nodeLength / 2;
        int left = 2 * node;
        if (maxima[left] >= maxima[left + 1])
        {
            Visit(left, nodeStart, half, start, end, longest);
            Visit(left + 1, nodeStart + half, half, start, end, longest);
        }
        else
        {
            Visit(left + 1, nodeStart + half, half, start, end, longest);
            Visit(left, nodeStart, half, start, end, longest);
        }
    }

    private void Put(long number, in Entry entry)
    {
        int index = (int)(number & (entries.Length - 1));
        entries[index] = entry;
        int node = entries.Length + index;
        maxima[node] = entry.LongestSeconds;
        for (node /= 2; node >= 1; node /= 2)
        {
            double maximum = Math.Max(maxima[2 * node], maxima[(2 * node) + 1]);
            if (maxima[node] == maximum)
            {
                return;
            }

            maxima[node] = maximum;
        }
    }

    private void Grow(long oldestNeeded)
    {
        Entry[] old = entries;
        entries = new Entry[old.Length * 2];
        maxima = new double[entries.Length * 2];
        for (long number = oldestNeeded; number < Next; number++)
        {
            Put(number, old[number & (old.Length - 1)]);
        }
    }

    /// <summary>Durations of the steps of one stretch, in seconds. They grow by a constant from step to step.</summary>
    internal readonly record struct Entry(double FirstSeconds, double IncrementSeconds, int Count)
    {
        internal double LongestSeconds => FirstSeconds + ((Count - 1) * IncrementSeconds);

        internal void Offer(LongestGaps longest)
        {
            for (int index = Count - 1; index >= 0 && longest.Offer(FirstSeconds + (index * IncrementSeconds)); index--)
            {
            }
        }
    }
}
