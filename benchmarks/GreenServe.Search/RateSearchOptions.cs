using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Search;

/// <summary>Range of the search for the highest load that meets an SLO, its resolution, and the number of runs.</summary>
public sealed record RateSearchOptions : IChecked
{
    /// <summary>Lowest load, at which the search begins: requests per second, or users of a closed loop.</summary>
    /// <value>Above 0.</value>
    public required double Lowest { get; init; }

    /// <summary>Highest load that is tried: requests per second, or users of a closed loop.</summary>
    /// <value>At least <see cref="Lowest"/>.</value>
    public required double Highest { get; init; }

    /// <summary>Whether loads are whole numbers, as numbers of users are.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool IsWhole { get; init; }

    /// <summary>
    /// Resolution: the search ends when the lowest failing load is at most this share above the highest passing load.
    /// </summary>
    /// <value>In (0, 1]; default 0.05.</value>
    public double ResolutionRatio { get; init; } = 0.05;

    /// <summary>Number of runs that decide about a load by majority.</summary>
    /// <value>Odd, at least 1; default 3.</value>
    public int Repetitions { get; init; } = 3;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (!(Lowest > 0 && double.IsFinite(Lowest)))
        {
            yield return new Problem("$.lowest", Lowest, "a number greater than 0");
        }

        if (!(Highest >= Lowest && double.IsFinite(Highest)))
        {
            yield return new Problem("$.highest", Highest, $"a number of at least lowest ({Lowest})");
        }

        if (ResolutionRatio is not (> 0 and <= 1))
        {
            yield return new Problem("$.resolution_ratio", ResolutionRatio, "a number in (0, 1]");
        }

        if (Repetitions < 1 || Repetitions % 2 == 0)
        {
            yield return new Problem("$.repetitions", Repetitions, "an odd number of at least 1, so that there is a majority");
        }
    }
}
