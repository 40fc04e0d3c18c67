using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Buffers;

namespace GreenServe.Serving.Load;

/// <summary>Judges whether a load came to a steady state: a queue that stays bounded, and a window whose halves are alike.</summary>
/// <remarks>
/// The queue is what a client can see of it: the requests that were due and had no token yet when another request was due. It is judged
/// as the simulator judges its own queue. For the halves the window is cut into slices. Halves differ when their means lie further apart
/// than chance explains (Welch's t-test of the slices of one half against those of the other) and by more than a share that matters.
/// A load that changes by design is not expected to be steady. Decision 0020 has the reasons.
/// </remarks>
internal sealed class Steadiness
{
    /// <summary>Slices of the window: five in each half are enough for a variance, and each still holds many requests.</summary>
    private const int Slices = 10;

    /// <summary>Requests below which nothing is said: ten a slice.</summary>
    private const int MinRequests = 100;

    /// <summary>
    /// Largest t that chance explains: for five independent slices against five it is exceeded once in a thousand windows.
    /// </summary>
    private const double MaxT = 5;

    /// <summary>Difference of the tokens asked for, above which the load of an open loop changes by design.</summary>
    private const double MaxAskedRatio = 0.10;

    /// <summary>Difference of the throughput of a closed loop that matters: at equal power the energy per token differs as much.</summary>
    private const double MaxThroughputRatio = 0.10;

    /// <summary>Difference of the TTFT of an open loop that matters: TTFT scatters more than throughput, as queues do.</summary>
    private const double MaxFirstTokenRatio = 0.50;
    private readonly SpilledList<Visit> visits = new();

    /// <summary>Enters a measured request.</summary>
    /// <param name="dueSeconds">When the request was due (s).</param>
    /// <param name="begunSeconds">When its first token came, or when it ended without one (s).</param>
    /// <param name="firstTokenSeconds">Its TTFT from issue (s); <c>null</c> for a request that did not complete.</param>
    /// <param name="askedTokens">Tokens asked for, input and output together.</param>
    internal void Add(double dueSeconds, double begunSeconds, double? firstTokenSeconds, int askedTokens) =>
        visits.Add(new Visit(dueSeconds, begunSeconds, firstTokenSeconds, askedTokens));

    /// <summary>The verdict reason against a load above capacity; <c>null</c> where the queue stayed bounded.</summary>
    /// <param name="unfinished">Number of requests that the drain limit cut off.</param>
    /// <param name="drainSeconds">The drain limit (s).</param>
    internal VerdictReason? Saturation(long unfinished, double drainSeconds)
    {
        double[] due = [.. visits.Select(visit => visit.DueSeconds).Order()];
        double[] begun = [.. visits.Select(visit => visit.BegunSeconds).Order()];
        QueueGrowth queue = new();
        int served = 0;
        for (int index = 0; index < due.Length; index++)
        {
            while (served < begun.Length && begun[served] <= due[index])
            {
                served++;
            }

            queue.Add(due[index], index - served);
        }

        return queue.Reason(unfinished, drainSeconds);
    }

    /// <summary>
    /// The verdict reason against a window whose halves differ; <c>null</c> where they do not, or where too few requests tell.
    /// </summary>
    /// <param name="window">The steady window.</param>
    /// <param name="isClosedLoop">
    /// Whether the load is a closed loop. There the server decides on the throughput, which is compared. In an open loop the schedule
    /// does, and the TTFT is compared.
    /// </param>
    /// <param name="tokensBetween">Counts the output tokens received from one time to another (s).</param>
    internal VerdictReason? Drift(MeasurementWindow window, bool isClosedLoop, Func<double, double, double> tokensBetween)
    {
        Slice[] slices = SlicesOf(window);
        if (slices.Any(slice => slice.Requests == 0) || slices.Sum(slice => slice.Requests) < MinRequests)
        {
            return null;
        }

        return isClosedLoop ? ThroughputDrift(window, tokensBetween) : FirstTokenDrift(slices);
    }

    private Slice[] SlicesOf(MeasurementWindow window)
    {
        Slice[] slices = new Slice[Slices];
        foreach (Visit visit in visits)
        {
            if (visit.DueSeconds >= window.StartSeconds && visit.DueSeconds < window.EndSeconds)
            {
                slices[Math.Min(Slices - 1, (int)((visit.DueSeconds - window.StartSeconds) / SliceSeconds(window)))].Add(visit);
            }
        }

        return slices;
    }

    private static VerdictReason? ThroughputDrift(MeasurementWindow window, Func<double, double, double> tokensBetween)
    {
        double length = SliceSeconds(window);
        double EdgeOf(int slice) => TokenTimeline.AlignedDownSeconds(window.StartSeconds + (slice * length));

        double[] tokens =
            [.. Enumerable.Range(0, Slices).Select(slice => tokensBetween(EdgeOf(slice), EdgeOf(slice + 1)))];
        return ReasonAgainst("output throughput", Halves.Of(tokens), MaxThroughputRatio);
    }

    private static VerdictReason? FirstTokenDrift(Slice[] slices)
    {
        Halves asked = Halves.Of([.. slices.Select(slice => slice.AskedTokens)]);
        double[] means = [.. slices.Select(slice => slice.MeanFirstTokenSeconds).OfType<double>()];
        return Math.Abs(asked.Ratio) > MaxAskedRatio || means.Length < Slices
            ? null
            : ReasonAgainst("time to first token", Halves.Of(means), MaxFirstTokenRatio);
    }

    private static double SliceSeconds(MeasurementWindow window) => (window.EndSeconds - window.StartSeconds) / Slices;

    private static VerdictReason? ReasonAgainst(string what, Halves halves, double limit)
    {
        if (Math.Abs(halves.Ratio) <= limit || Math.Abs(halves.T) <= MaxT)
        {
            return null;
        }

        string change = FormattableString.Invariant(
            $"{what} changed by {halves.Ratio:+0 %;-0 %} from the first half of the window to the second, limit {limit:0 %}");
        return new VerdictReason(VerdictCode.NotSteady, $"the load was not steady: {change}: warm up longer, or load less");
    }

    private readonly record struct Visit(double DueSeconds, double BegunSeconds, double? FirstTokenSeconds, int AskedTokens);

    /// <summary>Sums over the requests of a tenth of the window.</summary>
    private struct Slice
    {
        private double firstTokenSeconds;
        private int firstTokens;

        internal int Requests { get; private set; }

        internal double AskedTokens { get; private set; }

        internal readonly double? MeanFirstTokenSeconds => firstTokens > 0 ? firstTokenSeconds / firstTokens : null;

        internal void Add(in Visit visit)
        {
            Requests++;
            AskedTokens += visit.AskedTokens;
            if (visit.FirstTokenSeconds is { } seconds)
            {
                firstTokenSeconds += seconds;
                firstTokens++;
            }
        }
    }

    /// <summary>The second half of a window against the first.</summary>
    /// <param name="Ratio">
    /// Difference of the means of the slices, divided by the mean of the first half; infinite where that mean is 0.
    /// </param>
    /// <param name="T">Difference of the means, divided by its standard error (Welch).</param>
    private readonly record struct Halves(double Ratio, double T)
    {
        internal static Halves Of(double[] slices)
        {
            (double Mean, double Error) first = Moments(slices.AsSpan(0, slices.Length / 2));
            (double Mean, double Error) second = Moments(slices.AsSpan(slices.Length / 2));
            double difference = second.Mean - first.Mean;
            double error = Math.Sqrt(first.Error + second.Error);
            return new Halves(
                first.Mean > 0 ? difference / first.Mean : double.PositiveInfinity, difference == 0 ? 0 : difference / error);
        }

        /// <summary>Mean of some values, and the squared standard error of that mean.</summary>
        private static (double Mean, double Error) Moments(ReadOnlySpan<double> values)
        {
            double mean = 0;
            foreach (double value in values)
            {
                mean += value / values.Length;
            }

            double squares = 0;
            foreach (double value in values)
            {
                squares += (value - mean) * (value - mean);
            }

            return (mean, squares / (values.Length - 1) / values.Length);
        }
    }
}
