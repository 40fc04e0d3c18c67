using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;

namespace GreenServe.Serving.Load;

/// <summary>Whether a load came to a steady state: no queue that grows without bound, no half of the window unlike the other.</summary>
/// <remarks>
/// The queue is what a client can see of it: requests that were due and had no token yet when another one was due; it is judged as the
/// simulator judges its own. For the halves the window is cut into ten slices. Halves differ when their means lie further apart than
/// chance explains (Welch's t of five slices against five, limit 5, 1 in 1,000 for independent slices) and by more than a share that
/// matters. What was asked is looked at first: of a load that changes by design no steadiness is expected.
/// </remarks>
internal sealed class Steadiness
{
    private const int Slices = 10;
    private const int MinRequests = 100;
    private const double LargestT = 5;
    private const double MaxAskedRatio = 0.10;
    private const double MaxThroughputRatio = 0.10;
    private const double MaxFirstTokenRatio = 0.50;
    private readonly List<Visit> visits = [];

    /// <summary>Enters a measured request.</summary>
    /// <param name="due">When it was due (s).</param>
    /// <param name="begun">When it had its first token, or ended without one (s).</param>
    /// <param name="firstTokenSeconds">Its time to first token from issue (s); <c>null</c> if it did not complete.</param>
    /// <param name="askedTokens">Tokens asked for, input and output.</param>
    internal void Add(double due, double begun, double? firstTokenSeconds, int askedTokens) =>
        visits.Add(new Visit(due, begun, firstTokenSeconds, askedTokens));

    /// <summary>The objection to a load above capacity; <c>null</c> if the queue stayed bounded.</summary>
    /// <param name="unfinished">Requests the drain limit cut off.</param>
    /// <param name="drainSeconds">That limit (s).</param>
    internal VerdictReason? Saturation(long unfinished, double drainSeconds)
    {
        double[] due = [.. visits.Select(visit => visit.Due).Order()];
        double[] begun = [.. visits.Select(visit => visit.Begun).Order()];
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

    /// <summary>The objection to a window whose halves differ; <c>null</c> where they do not, or where too little is known.</summary>
    /// <param name="window">The steady window.</param>
    /// <param name="isClosedLoop">Whether throughput is the server's doing: in an open loop it is the schedule's.</param>
    /// <param name="tokensBetween">Output tokens received from one time to another (s).</param>
    internal VerdictReason? Drift(MeasurementWindow window, bool isClosedLoop, Func<double, double, long> tokensBetween)
    {
        double length = (window.EndSeconds - window.StartSeconds) / Slices;
        IGrouping<int, Visit>[] slices = [.. visits
            .Where(visit => visit.Due >= window.StartSeconds && visit.Due < window.EndSeconds)
            .GroupBy(visit => Math.Min(Slices - 1, (int)((visit.Due - window.StartSeconds) / length)))
            .OrderBy(slice => slice.Key)];
        if (slices.Length < Slices || slices.Sum(slice => slice.Count()) < MinRequests)
        {
            return null;
        }

        if (Halves.Of([.. slices.Select(slice => slice.Sum(visit => (double)visit.AskedTokens))]) is var asked && !isClosedLoop && Math.Abs(asked.Ratio) > MaxAskedRatio)
        {
            return null;
        }

        if (isClosedLoop)
        {
            double[] tokens = [.. Enumerable.Range(0, Slices).Select(slice => (double)tokensBetween(
                TokenTimeline.AlignDown(window.StartSeconds + (slice * length)), TokenTimeline.AlignDown(window.StartSeconds + ((slice + 1) * length))))];
            return ReasonAgainst("output throughput", Halves.Of(tokens), MaxThroughputRatio);
        }

        double?[] means = [.. slices.Select(slice => slice.Average(visit => visit.FirstTokenSeconds))];
        return means.All(mean => mean is not null)
            ? ReasonAgainst("time to first token", Halves.Of([.. means.Select(mean => mean!.Value)]), MaxFirstTokenRatio)
            : null;
    }

    private static VerdictReason? ReasonAgainst(string what, Halves halves, double limit) =>
        Math.Abs(halves.Ratio) <= limit || Math.Abs(halves.T) <= LargestT ? null : new VerdictReason(VerdictCode.NotSteady, FormattableString.Invariant(
            $"the load was not steady: {what} changed by {halves.Ratio:+0 %;-0 %} from the first half of the window to the second, limit {limit:0 %}: warm up longer, or load less"));

    private readonly record struct Visit(double Due, double Begun, double? FirstTokenSeconds, int AskedTokens);

    /// <summary>Second half against first.</summary>
    /// <param name="Ratio">Difference of the means over the first one.</param>
    /// <param name="T">Difference over its standard error (Welch).</param>
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

        /// <summary>Mean, and variance of the mean.</summary>
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
