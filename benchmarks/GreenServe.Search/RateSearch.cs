using GreenServe.Records;

namespace GreenServe.Search;

/// <summary>
/// Searches the highest load that meets an SLO. It doubles the load until it fails, then halves the interval on a logarithmic
/// scale. The majority of its runs decides about a load. Runs that cannot change the majority are omitted, except at the two loads that
/// are reported.
/// </summary>
/// <remarks>
/// Runs of one number serve the same requests at every load (common random numbers): the same lengths, and the same arrivals scaled by the
/// load. Whether a load passes then depends on the load, and hardly on which requests happened to come.
/// </remarks>
/// <param name="options">Range, resolution and number of runs.</param>
/// <param name="run">
/// Runs one trial. It takes the load, the number of the repetition from 0, and a token that stops the trial.
/// </param>
public sealed class RateSearch(RateSearchOptions options, Func<double, int, CancellationToken, Task<RateTrial>> run)
{
    private readonly List<RateTrial> trials = [];

    /// <summary>Runs the search.</summary>
    /// <exception cref="InvalidInputException">The options contradict each other.</exception>
    public async Task<RateSearchResult> FindAsync(CancellationToken cancellationToken)
    {
        Problem[] problems = [.. options.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        double? passing = null;
        double? failing = null;
        for (double? load = Rounded(options.Lowest); load is { } next;)
        {
            if (await PassesAsync(next, cancellationToken).ConfigureAwait(false))
            {
                passing = next;
            }
            else
            {
                failing = next;
            }

            load = Next(passing, failing);
        }

        foreach (double reported in new[] { passing, failing }.OfType<double>())
        {
            await CompleteAsync(reported, cancellationToken).ConfigureAwait(false);
        }

        return new RateSearchResult { Trials = trials, Highest = passing, LowestFailing = failing };
    }

    /// <summary>The next load to try; <c>null</c> when the search has ended.</summary>
    private double? Next(double? passing, double? failing)
    {
        if (passing is not { } low)
        {
            return null;
        }

        if (failing is not { } high)
        {
            return low >= options.Highest ? null : Rounded(Math.Min(low * 2, options.Highest));
        }

        double middle = Rounded(Math.Sqrt(low * high));
        bool isFound = high / low <= 1 + options.ResolutionRatio || middle <= low || middle >= high;
        return isFound ? null : middle;
    }

    private double Rounded(double load) => options.IsWhole ? Math.Max(1, Math.Round(load)) : load;

    private async Task<bool> PassesAsync(double load, CancellationToken cancellationToken)
    {
        int passes = 0;
        int fails = 0;
        int majority = (options.Repetitions / 2) + 1;
        for (int repetition = 0; passes < majority && fails < majority; repetition++)
        {
            bool isPass = await TryAsync(load, repetition, cancellationToken).ConfigureAwait(false);
            passes += isPass ? 1 : 0;
            fails += isPass ? 0 : 1;
        }

        return passes >= majority;
    }

    /// <summary>Runs the repetitions that the majority did not need, so that a reported load has all of them.</summary>
    private async Task CompleteAsync(double load, CancellationToken cancellationToken)
    {
        for (int repetition = trials.Count(trial => trial.Load == load); repetition < options.Repetitions; repetition++)
        {
            await TryAsync(load, repetition, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryAsync(double load, int repetition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RateTrial trial = await run(load, repetition, cancellationToken).ConfigureAwait(false);
        trials.Add(trial);
        return trial.Passes;
    }
}
