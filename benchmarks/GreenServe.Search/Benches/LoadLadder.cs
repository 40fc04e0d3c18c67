namespace GreenServe.Search.Benches;

/// <summary>
/// Chooses the loads of a server about which nothing is known. The first load is one user. Then the rate is doubled until the server cannot
/// follow. The gap between the last rate that it met the SLO with and the first one that it missed it with is halved, then the gap at the
/// capacity, then the widest gap of all.
/// </summary>
/// <remarks>
/// Rates are halved on a logarithmic scale. While latencies are as with one user, the rate grows fourfold, because such loads differ in
/// little but their idle share.
/// </remarks>
internal static class LoadLadder
{
    /// <summary>A gap at the SLO is narrow enough when its ends differ by this factor: the answer is then 10 % off at most.</summary>
    internal const double SloGapFactor = 1.1;

    /// <summary>A gap at the capacity is narrow enough at this factor. Nobody runs a server there.</summary>
    internal const double CapacityGapFactor = 1.25;

    /// <summary>A gap anywhere else is narrow enough at this factor: a curve through such points has no surprise.</summary>
    internal const double CurveGapFactor = 1.5;

    private const double DoublingFactor = 2;
    private const double QuietFactor = 4;

    /// <summary>A server is quiet while a token takes at most this much longer than with one user.</summary>
    private const double QuietTbtRatio = 1.15;

    /// <summary>The lowest rate, as a share of what one user asks for: almost all of its energy is idle.</summary>
    private const double LowestShare = 0.25;

    /// <summary>Significant digits of a rate, so that names of records and tables are short.</summary>
    private const int Digits = 3;

    /// <summary>The largest rate that a workload may have, in requests per second.</summary>
    private const double MaxRequestsPerSecond = 1_000_000;

    /// <summary>The next load; <c>null</c> when no further load would tell anything new.</summary>
    /// <param name="results">The results so far, in any order.</param>
    internal static OfferedLoad? Next(IReadOnlyList<LoadResult> results)
    {
        if (results.FirstOrDefault(result => result.Load.Users == 1) is not { } oneUser)
        {
            return OfferedLoad.OfUsers(1);
        }

        // A server that one user cannot be served by, or whose answers cannot be read, needs no further load.
        bool isUnusable = oneUser.IsVoid && !oneUser.WasClientDisturbed;
        if (isUnusable || oneUser.Metrics.Latencies.E2e?.MeanSeconds is not { } serviceSeconds)
        {
            return null;
        }

        LoadResult[] rates = [.. results.Where(result => result.Load.Users is null).OrderBy(Rate)];
        int end = EndOf(rates);
        double? next = end == rates.Length ? Higher(rates, oneUser, serviceSeconds) : null;
        next ??= AtSlo(rates, serviceSeconds) ?? AtEnd(rates, end) ?? WidestGap(rates, end) ?? Lowest(rates, serviceSeconds);
        return next is { } rate && rates.All(result => Rate(result) != rate) ? OfferedLoad.OfRate(rate) : null;
    }

    /// <summary>
    /// Index of the lowest rate that the server did not follow. Or of the lower of the two highest rates if both runs tell nothing: the
    /// client may not be able to drive more. One such run may have been disturbed by chance. It is the number of rates where there is no
    /// such end.
    /// </summary>
    private static int EndOf(LoadResult[] rates)
    {
        int above = Array.FindIndex(rates, result => result.IsAboveCapacity);
        return above >= 0 ? above
            : rates is [.., { IsVoid: true }, { IsVoid: true }] ? rates.Length - 2
            : rates.Length;
    }

    private static double Rate(LoadResult result) => result.Load.RequestsPerSecond!.Value;

    /// <summary>The next rate upwards; <c>null</c> where there is none.</summary>
    private static double? Higher(LoadResult[] rates, LoadResult oneUser, double serviceSeconds)
    {
        if (rates.Length == 0)
        {
            return Rounded(1 / serviceSeconds);
        }

        double factor = IsQuiet(rates[^1], oneUser) ? QuietFactor : DoublingFactor;
        double next = Rounded(Rate(rates[^1]) * factor);
        return next <= MaxRequestsPerSecond ? next : null;
    }

    private static bool IsQuiet(LoadResult result, LoadResult oneUser) =>
        result.IsWithinSlo != false
        && result.Metrics.Latencies.Tbt?.MeanSeconds <= QuietTbtRatio * oneUser.Metrics.Latencies.Tbt?.MeanSeconds;

    /// <summary>
    /// The middle of the gap in which the SLO is missed first, or half of the lowest rate if that misses it; <c>null</c> where the SLO is
    /// never missed or the gap is narrow enough.
    /// </summary>
    private static double? AtSlo(LoadResult[] rates, double serviceSeconds)
    {
        int missed = Array.FindIndex(rates, result => result.IsWithinSlo == false);
        if (missed < 0)
        {
            return null;
        }

        int met = Array.FindLastIndex(rates, missed, result => result.IsWithinSlo == true);
        return met < 0 ? Halved(rates[0], serviceSeconds) : MiddleOf(rates[met], rates[missed], SloGapFactor);
    }

    /// <summary>The middle of the gap below the end; <c>null</c> where there is none or it is narrow enough.</summary>
    private static double? AtEnd(LoadResult[] rates, int end) =>
        end > 0 && end < rates.Length ? MiddleOf(rates[end - 1], rates[end], CapacityGapFactor) : null;

    /// <summary>The middle of the widest gap below the end; <c>null</c> where all are narrow enough.</summary>
    private static double? WidestGap(LoadResult[] rates, int end) => Enumerable.Range(1, Math.Max(0, Math.Min(end, rates.Length) - 1))
        .OrderByDescending(index => Rate(rates[index]) / Rate(rates[index - 1]))
        .Select(index => MiddleOf(rates[index - 1], rates[index], CurveGapFactor))
        .FirstOrDefault(middle => middle is not null);

    private static double? MiddleOf(LoadResult low, LoadResult high, double narrowFactor) =>
        Rate(high) / Rate(low) > narrowFactor && Rounded(Math.Sqrt(Rate(low) * Rate(high))) is var middle
        && middle > Rate(low) && middle < Rate(high) ? middle : null;

    /// <summary>
    /// A rate below all others; <c>null</c> where there is one already. Where even the lowest rate was above capacity it is half of it.
    /// Otherwise the server is almost idle at it.
    /// </summary>
    private static double? Lowest(LoadResult[] rates, double serviceSeconds) => rates switch
    {
        [] => null,
        [{ IsAboveCapacity: true } or { IsVoid: true }, ..] => Halved(rates[0], serviceSeconds),
        [var lowest, ..] => Rate(lowest) > AlmostIdle(serviceSeconds) * CurveGapFactor ? AlmostIdle(serviceSeconds) : null,
    };

    /// <summary>Half of a rate; <c>null</c> where the server would then be less than almost idle.</summary>
    private static double? Halved(LoadResult lowest, double serviceSeconds) =>
        Rounded(Rate(lowest) / 2) is var half && half >= AlmostIdle(serviceSeconds) / DoublingFactor ? half : null;

    private static double AlmostIdle(double serviceSeconds) => Rounded(LowestShare / serviceSeconds);

    private static double Rounded(double rate)
    {
        double scale = Math.Pow(10, Digits - 1 - Math.Floor(Math.Log10(rate)));
        return Math.Round(rate * scale) / scale;
    }
}
