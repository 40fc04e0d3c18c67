using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Search;

/// <summary>Where to look for the highest load that meets an SLO, and how sure to be.</summary>
public sealed record RateSearchOptions : IChecked
{
    /// <summary>Load to begin with: requests per second, or users; above 0.</summary>
    public required double Lowest { get; init; }

    /// <summary>Load beyond which nobody looks; at least <see cref="Lowest"/>.</summary>
    public required double Highest { get; init; }

    /// <summary>Whether loads are whole numbers, as users are.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The search ends when the lowest load that fails is at most this share above the highest that passes, in (0, 1].</summary>
    public double ResolutionRatio { get; init; } = 0.05;

    /// <summary>Runs that decide about a load, by majority; odd, at least 1.</summary>
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
