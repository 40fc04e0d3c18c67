namespace GreenServe.Search;

/// <summary>
/// The result of a search for the highest load that meets an SLO. Loads are requests per second, or users of a closed loop.
/// </summary>
public sealed record RateSearchResult
{
    /// <summary>Every run of the search, in order.</summary>
    public required IReadOnlyList<RateTrial> Trials { get; init; }

    /// <summary>The highest load at which most runs met the SLO; <c>null</c> if the lowest load failed.</summary>
    public double? Highest { get; init; }

    /// <summary>
    /// The lowest failing load above <see cref="Highest"/>; <c>null</c> if no load up to the limit of the search failed.
    /// </summary>
    public double? LowestFailing { get; init; }

    /// <summary>Number of runs at <see cref="Highest"/> that met the SLO.</summary>
    public int Passes { get; init; }

    /// <summary>Number of runs at <see cref="Highest"/>.</summary>
    public int Runs { get; init; }

    /// <summary>95 % interval of the probability that a run at <see cref="Highest"/> meets the SLO.</summary>
    /// <remarks>Wilson's score interval (Wilson, JASA 22, 1927).</remarks>
    public (double Low, double High) PassProbability => Wilson(Passes, Runs);

    private static (double Low, double High) Wilson(int passes, int runs)
    {
        const double z = 1.959963984540054;
        if (runs == 0)
        {
            return (0, 1);
        }

        double share = (double)passes / runs;
        double scale = 1 + (z * z / runs);
        double middle = (share + (z * z / (2 * runs))) / scale;
        double half = z / scale * Math.Sqrt((share * (1 - share) / runs) + (z * z / (4.0 * runs * runs)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
