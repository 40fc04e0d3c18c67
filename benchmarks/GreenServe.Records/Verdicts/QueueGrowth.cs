namespace GreenServe.Records.Verdicts;

/// <summary>Tells whether a queue grew without bound, from its length as each arriving request saw it.</summary>
/// <remarks>
/// An open loop is called saturated when the fitted growth is at least <see cref="MinGrowthRequests"/> and
/// <see cref="MinGrowthShare"/> of the arrivals, or when requests are unfinished after the drain limit.
/// </remarks>
public sealed class QueueGrowth
{
    /// <summary>A queue that grew by fewer requests than this may only have wandered.</summary>
    public const double MinGrowthRequests = 20;

    /// <summary>A queue near but below capacity wanders by less than this share of a few thousand arrivals.</summary>
    public const double MinGrowthShare = 0.03;

    private double firstSeconds;
    private double lastSeconds;
    private double sumSeconds;
    private double sumLength;
    private double sumSquares;
    private double sumProducts;

    /// <summary>Requests that have arrived.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Enters the queue's length when a request arrived.</summary>
    /// <param name="seconds">When it arrived (s); not before the last one.</param>
    /// <param name="length">Requests that wait then.</param>
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
    /// <param name="unfinished">Requests that the drain limit cut off.</param>
    /// <param name="drainSeconds">The drain limit (s).</param>
    public VerdictReason? Reason(long unfinished, double drainSeconds)
    {
        double growth = Requests;
        if (unfinished == 0 && (growth < MinGrowthRequests || growth < MinGrowthShare * Arrivals))
        {
            return null;
        }

        double span = lastSeconds - firstSeconds;
        string text = FormattableString.Invariant(
            $"the load is above capacity: the queue grew by {growth:F0} requests in {span:F0} s ({Arrivals} arrivals)");
        string rest = unfinished == 0
            ? ""
            : FormattableString.Invariant($"; {unfinished} requests were unfinished {drainSeconds:F0} s after the last arrival");
        return new VerdictReason(VerdictCode.Saturated, text + rest);
    }
}
