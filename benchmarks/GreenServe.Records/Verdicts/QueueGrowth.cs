namespace GreenServe.Records.Verdicts;

/// <summary>Whether a queue grew without bound: the slope of its length, seen by the arriving requests, over the time of the arrivals.</summary>
/// <remarks>
/// An open loop is called saturated when the fitted growth is at least 20 requests and 3 % of the arrivals, or when requests are unfinished
/// after the drain limit. A queue near but below capacity wanders less than that over a few thousand arrivals.
/// </remarks>
public sealed class QueueGrowth
{
    private const double MinGrowth = 20;
    private const double MinShare = 0.03;

    private double firstSeconds;
    private double lastSeconds;
    private double sumSeconds;
    private double sumLength;
    private double sumSquares;
    private double sumProducts;

    /// <summary>Requests that have arrived.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Enters the queue's length when a request arrived.</summary>
    public void Add(double seconds, int length)
    {
        firstSeconds = Arrivals == 0 ? seconds : firstSeconds;
        lastSeconds = seconds;
        double offset = seconds - firstSeconds;
        sumSeconds += offset;
        sumLength += length;
        sumSquares += offset * offset;
        sumProducts += offset * length;
        Arrivals++;
    }

    /// <summary>Growth of the queue over the time of the arrivals (requests), by least squares; 0 where there is no time between them.</summary>
    public double Requests
    {
        get
        {
            double spread = (Arrivals * sumSquares) - (sumSeconds * sumSeconds);
            return spread <= 0 ? 0 : ((Arrivals * sumProducts) - (sumSeconds * sumLength)) / spread * (lastSeconds - firstSeconds);
        }
    }

    /// <summary>The objection to a saturated run; <c>null</c> where the queue stayed bounded.</summary>
    /// <param name="unfinished">Requests that the drain limit cut off.</param>
    /// <param name="drainSeconds">The drain limit (s).</param>
    public VerdictReason? Reason(long unfinished, double drainSeconds)
    {
        double growth = Requests;
        if (unfinished == 0 && (growth < MinGrowth || growth < MinShare * Arrivals))
        {
            return null;
        }

        double span = lastSeconds - firstSeconds;
        string text = FormattableString.Invariant($"the load is above capacity: the queue grew by {growth:F0} requests in {span:F0} s ({Arrivals} arrivals)");
        string rest = unfinished == 0
            ? ""
            : FormattableString.Invariant($"; {unfinished} requests were unfinished {drainSeconds:F0} s after the last arrival");
        return new VerdictReason(VerdictCode.Saturated, text + rest);
    }
}
