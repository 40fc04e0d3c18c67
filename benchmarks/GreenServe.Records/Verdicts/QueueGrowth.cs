namespace GreenServe.Records.Verdicts;

/// <summary>Tells whether a queue grew without bound, from its length as each arriving request saw it.</summary>
/// <remarks>
/// An open loop is called saturated when the fitted growth is at least <see cref="MinGrowthRequests"/> and
/// <see cref="MinGrowthShare"/> of the arrivals, or when requests are unfinished after the drain limit.
/// </remarks>
public sealed class QueueGrowth
{
    /// <summary>Smallest growth (requests) that counts as saturation. A bounded queue can grow by less at random.</summary>
    public const double MinGrowthRequests = 20;

    /// <summary>
    /// Smallest growth that counts as saturation, as a share of the arrivals. Over a few thousand arrivals a bounded queue varies
    /// by less.
    /// </summary>
    public const double MinGrowthShare = 0.03;

    private double firstSeconds;
    private double lastSeconds;
    private double sumSeconds;
    private double sumLength;
    private double sumSquares;
    private double sumProducts;

    /// <summary>Number of requests that have arrived.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Adds the length of the queue at the moment when a request arrived.</summary>
    /// <param name="seconds">Time of the arrival (s); not before the previous one.</param>
    /// <param name="length">Number of requests that waited at that moment.</param>
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

    /// <summary>
    /// Growth of the queue over the time of the arrivals, by least squares (requests). It is 0 where all requests arrived at one instant.
    /// </summary>
    public double Requests
    {
        get
        {
            double spread = (Arrivals * sumSquares) - (sumSeconds * sumSeconds);
            return spread <= 0 ? 0 : ((Arrivals * sumProducts) - (sumSeconds * sumLength)) / spread * (lastSeconds - firstSeconds);
        }
    }

    /// <summary>The verdict reason against a saturated run; <c>null</c> where the queue stayed bounded.</summary>
    /// <param name="unfinished">Number of requests that were unfinished at the drain limit.</param>
    /// <param name="drainSeconds">Time allowed after the last arrival until all requests are finished (s).</param>
    public VerdictReason? Reason(long unfinished, double drainSeconds)
    {
        double growth = Requests;
        if (unfinished == 0 && (growth < MinGrowthRequests || growth < MinGrowthShare * Arrivals))
        {
            return null;
        }

        double span = lastSeconds - firstSeconds;
        string text = FormattableString.Invariant(
            $"the load is above capacity: the queue grew by {growth:F0} requests in {span:F0} s by a fitted line ({Arrivals} arrivals)");
        string rest = unfinished == 0
            ? ""
            : FormattableString.Invariant($"; {unfinished} requests were unfinished {drainSeconds:F0} s after the last arrival");
        return new VerdictReason(VerdictCode.Saturated, text + rest);
    }
}
