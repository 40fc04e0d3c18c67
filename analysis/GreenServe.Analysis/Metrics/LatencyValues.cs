using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Metrics;

/// <summary>Every value of one latency of a sample, in eight bytes each: percentiles are exact.</summary>
internal sealed class LatencyValues
{
    // The classes lie one after the other, each with room for the values that it can have.
    private readonly double[] values;
    private readonly int[] starts;
    private readonly int[] counts;

    /// <summary>No values yet, and room for those of a sample.</summary>
    /// <param name="latency">The latency.</param>
    /// <param name="classes">The request classes of the sample.</param>
    internal LatencyValues(RequestLatency latency, IReadOnlyList<RequestTally> classes)
    {
        Latency = latency;
        starts = new int[classes.Count];
        counts = new int[classes.Count];
        int total = 0;
        for (int place = 0; place < starts.Length; place++)
        {
            starts[place] = total;
            total += latency.IsOfCompleted ? classes[place].Completed : classes[place].Requests;
        }

        values = new double[total];
    }

    /// <summary>The latency.</summary>
    internal RequestLatency Latency { get; }

    /// <summary>Adds the latency of a request, if it has one that counts.</summary>
    /// <param name="place">Place of its class.</param>
    /// <param name="request">A request of the sample.</param>
    internal void Add(int place, RequestRecord request)
    {
        if ((request.Status == RequestStatus.Completed || !Latency.IsOfCompleted) && Latency.Seconds(request) is { } seconds)
        {
            values[starts[place] + counts[place]++] = seconds;
        }
    }

    /// <summary>Sorts the values of each class.</summary>
    internal void Sort()
    {
        for (int place = 0; place < starts.Length; place++)
        {
            values.AsSpan(starts[place], counts[place]).Sort();
        }
    }

    /// <summary>The values of a class (s), in ascending order once they are sorted.</summary>
    internal ReadOnlySpan<double> Of(int place) => values.AsSpan(starts[place], counts[place]);

    /// <summary>
    /// The ratio of a rank among the ratios of values to the limit of their class; infinite for a rank beyond them. A limit is positive, so
    /// that the ratios of a class ascend with its values.
    /// </summary>
    /// <param name="rank">The rank, from 1.</param>
    /// <param name="classes">Places of classes, each with its limit (s).</param>
    internal double RatioAt(long rank, IReadOnlyList<(int Place, double LimitSeconds)> classes)
    {
        int[] next = new int[classes.Count];
        double ratio = double.PositiveInfinity;
        for (long seen = 0; seen < rank; seen++)
        {
            int least = -1;
            ratio = double.PositiveInfinity;
            for (int index = 0; index < next.Length; index++)
            {
                (int place, double limitSeconds) = classes[index];
                if (next[index] < counts[place] && values[starts[place] + next[index]] / limitSeconds is var own && own < ratio)
                {
                    (least, ratio) = (index, own);
                }
            }

            if (least < 0)
            {
                return ratio;
            }

            next[least]++;
        }

        return ratio;
    }

    /// <summary>The values of all classes together (s), in ascending order. The classes can no longer be told apart.</summary>
    internal ReadOnlySpan<double> Together()
    {
        int count = 0;
        int filled = 0;
        for (int place = 0; place < starts.Length; place++)
        {
            Of(place).CopyTo(values.AsSpan(count));
            filled += counts[place] > 0 ? 1 : 0;
            count += counts[place];
        }

        if (filled > 1)
        {
            values.AsSpan(0, count).Sort();
        }

        return values.AsSpan(0, count);
    }
}
