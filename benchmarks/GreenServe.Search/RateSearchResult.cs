namespace GreenServe.Search;

/// <summary>The highest load found to meet an SLO.</summary>
public sealed record RateSearchResult
{
    /// <summary>Every run, in order.</summary>
    public required IReadOnlyList<RateTrial> Trials { get; init; }

    /// <summary>The highest load at which most runs met the SLO; <c>null</c> if the lowest failed already.</summary>
    public double? Highest { get; init; }

    /// <summary>The lowest load above it at which most runs failed; <c>null</c> if none did up to the limit of the search.</summary>
    public double? LowestFailing { get; init; }

    /// <summary>Runs at <see cref="Highest"/> that met the SLO.</summary>
    public int Passes { get; init; }

    /// <summary>Runs at <see cref="Highest"/>.</summary>
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
