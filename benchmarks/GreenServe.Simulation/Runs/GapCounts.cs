using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>Token gaps by request class in the bins of <see cref="LatencyHistogram"/>, in flat arrays: counted stretch by stretch.</summary>
internal sealed class GapCounts
{
    /// <summary>Number of a class whose gaps are not counted.</summary>
    internal const int Uncounted = -1;

    private readonly long[]?[] bins = new long[]?[RequestClass.All.Count];

    /// <summary>Number of a class in <see cref="RequestClass.All"/>.</summary>
    internal static int IndexOf(RequestClass requestClass) => ((int)requestClass.Input * 3) + (int)requestClass.Output;

    /// <summary>Counts the steps of a stretch, once for each sequence of each class; a negative number takes back what was counted.</summary>
    /// <param name="firstSeconds">Duration of the first step (s).</param>
    /// <param name="increment">What each further step takes more (s), not negative.</param>
    /// <param name="count">Steps.</param>
    /// <param name="sequences">Sequences by number of class.</param>
    internal void Add(double firstSeconds, double increment, int count, ReadOnlySpan<int> sequences)
    {
        for (int done = 0; done < count;)
        {
            int bin = BinOf(firstSeconds + (done * increment));
            int inBin = BinOf(firstSeconds + ((count - 1) * increment)) == bin
                ? count - done
                : StepsUpTo(bin, firstSeconds, increment, done, count);
            for (int index = 0; index < sequences.Length; index++)
            {
                if (sequences[index] != 0)
                {
                    Add(index, bin, (long)inBin * sequences[index]);
                }
            }

            done += inBin;
        }
    }

    /// <summary>Counts the steps of a stretch for one class, or takes them back with a negative number of times.</summary>
    internal void Add(int requestClass, in GapLog.Entry stretch, int times)
    {
        if (requestClass == Uncounted)
        {
            return;
        }

        Span<int> sequences = stackalloc int[bins.Length];
        sequences.Clear();
        sequences[requestClass] = times;
        Add(stretch.FirstSeconds, stretch.Increment, stretch.Count, sequences);
    }

    /// <summary>Hands the classes that have gaps to a sink, in the order of <see cref="RequestClass.All"/>.</summary>
    internal void WriteTo(ISimulationSink sink)
    {
        for (int index = 0; index < bins.Length; index++)
        {
            if (bins[index] is not { } counts)
            {
                continue;
            }

            LatencyHistogram histogram = new();
            for (int bin = 0; bin < counts.Length; bin++)
            {
                if (counts[bin] > 0)
                {
                    histogram.AddBin(bin, counts[bin]);
                }
            }

            if (histogram.Count > 0)
            {
                sink.AddTokenGaps(RequestClass.All[index].Name, histogram);
            }
        }
    }

    private static int BinOf(double seconds) => LatencyHistogram.BinOf((long)Math.Round(seconds * 1e9));

    /// <summary>How many steps from <paramref name="done"/> on still fall into <paramref name="bin"/>.</summary>
    private static int StepsUpTo(int bin, double firstSeconds, double increment, int done, int count)
    {
        int low = done + 1;
        int high = count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (BinOf(firstSeconds + (middle * increment)) > bin)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low - done;
    }

    private void Add(int requestClass, int bin, long times)
    {
        long[] counts = bins[requestClass] ??= new long[8192];
        counts[bin] += times;
    }
}
