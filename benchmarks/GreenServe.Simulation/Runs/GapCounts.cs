using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Counts the token gaps of each request class in the bins of <see cref="LatencyHistogram"/>. A whole stretch of steps is counted at once.
/// </summary>
internal sealed class GapCounts
{
    /// <summary>Bins of a class: more than the 7,296 that nanoseconds in 63 bits can fall into.</summary>
    private const int BinsOfClass = 8192;

    private readonly long[]?[] bins = new long[]?[RequestClass.All.Count];

    /// <summary>Number of a class in <see cref="RequestClass.All"/>, from 0.</summary>
    internal static int IndexOf(RequestClass requestClass) => ((int)requestClass.Input * 3) + (int)requestClass.Output;

    /// <summary>Counts the steps of a stretch once for each sequence of each class.</summary>
    /// <param name="firstSeconds">Duration of the first step, in seconds.</param>
    /// <param name="incrementSeconds">What each further step takes longer than the step before it, in seconds; not negative.</param>
    /// <param name="count">Number of steps.</param>
    /// <param name="sequences">Number of sequences by number of class. A negative number takes back what was counted before.</param>
    internal void Add(double firstSeconds, double incrementSeconds, int count, ReadOnlySpan<int> sequences)
    {
        for (int done = 0; done < count;)
        {
            int bin = BinOf(firstSeconds + (done * incrementSeconds));
            int inBin = BinOf(firstSeconds + ((count - 1) * incrementSeconds)) == bin
                ? count - done
                : StepsUpTo(bin, firstSeconds, incrementSeconds, done, count);
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

    /// <summary>Counts the steps of a stretch for one class.</summary>
    /// <param name="gapClass">Number of the class; <c>null</c> for a request whose gaps are not counted.</param>
    /// <param name="stretch">The steps.</param>
    /// <param name="times">How often they are counted. A negative number takes back what was counted before.</param>
    internal void Add(int? gapClass, in GapLog.Entry stretch, int times)
    {
        if (gapClass is not { } index)
        {
            return;
        }

        Span<int> sequences = stackalloc int[bins.Length];
        sequences.Clear();
        sequences[index] = times;
        Add(stretch.FirstSeconds, stretch.IncrementSeconds, stretch.Count, sequences);
    }

    /// <summary>Passes the gaps of each class that has any to a sink, in the order of <see cref="RequestClass.All"/>.</summary>
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

    /// <summary>Number of steps, from number <paramref name="done"/> on, that fall into <paramref name="bin"/>.</summary>
    private static int StepsUpTo(int bin, double firstSeconds, double incrementSeconds, int done, int count)
    {
        int low = done + 1;
        int high = count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (BinOf(firstSeconds + (middle * incrementSeconds)) > bin)
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
        long[] counts = bins[requestClass] ??= new long[BinsOfClass];
        counts[bin] += times;
    }
}
