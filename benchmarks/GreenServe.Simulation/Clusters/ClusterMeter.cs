using GreenServe.Records.Measurements;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// Sums up the energy of a whole cluster in equal intervals, whatever instances it has meanwhile. Power is taken as constant within a step.
/// </summary>
/// <param name="intervalSeconds">Length of an interval, in seconds, above 0.</param>
internal sealed class ClusterMeter(double intervalSeconds)
{
    private readonly List<double> intervals = [];

    /// <summary>Enters steps of an instance.</summary>
    internal void Add(in StepStretch stretch)
    {
        int done = 0;
        while (done < stretch.Count)
        {
            // Steps that end in the present interval enter it together. The next one reaches its end.
            double start = stretch.StartSeconds + stretch.StepSeconds.Sum(done);
            double end = (IntervalOf(start) + 1) * intervalSeconds;
            int left = stretch.Count - done;
            ArithmeticProgression seconds = Rest(stretch.StepSeconds, done);
            int reaching = seconds.CountReaching(end - start, left);
            int whole = start + seconds.Sum(reaching) > end ? reaching - 1 : reaching;
            if (whole > 0)
            {
                AddTo(IntervalOf(start), Rest(stretch.StepJoules, done).Sum(whole));
                done += whole;
            }
            else
            {
                Add(start, start + stretch.StepSeconds.At(done), stretch.StepJoules.At(done));
                done++;
            }
        }
    }

    /// <summary>Enters energy that was used at a constant power.</summary>
    /// <param name="startSeconds">Beginning, in seconds from the start of the run.</param>
    /// <param name="endSeconds">End, in seconds from the start of the run.</param>
    /// <param name="joules">The energy, in joules.</param>
    internal void Add(double startSeconds, double endSeconds, double joules)
    {
        int first = IntervalOf(startSeconds);
        int last = Math.Max(first, IntervalOf(endSeconds));
        double entered = 0;
        for (int interval = first; interval < last; interval++)
        {
            double from = Math.Max(startSeconds, interval * intervalSeconds);
            double share = ((interval + 1) * intervalSeconds) - from;
            double part = joules * share / (endSeconds - startSeconds);
            AddTo(interval, part);
            entered += part;
        }

        // A rounding error must not let the counter run backwards.
        if (joules > entered)
        {
            AddTo(last, joules - entered);
        }
    }

    /// <summary>The readings of a counter at the start, at the end of every interval and at the end of the run.</summary>
    /// <param name="meter">Name of the meter.</param>
    /// <param name="endSeconds">End of the run, in seconds from its start.</param>
    internal IEnumerable<PowerSample> Readings(string meter, double endSeconds)
    {
        double joules = 0;
        yield return new PowerSample(meter, 0, null, 0);
        for (int interval = 0; interval < intervals.Count; interval++)
        {
            joules += intervals[interval];
            double end = (interval + 1) * intervalSeconds;
            if (end < endSeconds)
            {
                yield return new PowerSample(meter, end, null, joules);
            }
        }

        yield return new PowerSample(meter, endSeconds, null, joules);
    }

    private static ArithmeticProgression Rest(in ArithmeticProgression steps, int done) => new(steps.At(done), steps.Increment);

    private int IntervalOf(double seconds) => (int)(seconds / intervalSeconds);

    private void AddTo(int interval, double joules)
    {
        while (intervals.Count <= interval)
        {
            intervals.Add(0);
        }

        intervals[interval] += joules;
    }
}
