using GreenServe.Records.Measurements;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Running sums from which the decode energy of any request follows in constant time. In each step a decoding request pays an equal share
/// of the cost that does not depend on contexts, and a price for each of its own context tokens.
/// </summary>
/// <remarks>
/// Step number j has the share a(j) and the price c(j) of a context token. A request whose context is s tokens in step m, and grows by
/// one token a step, has paid <c>Σa + (s - m)·Σc + Σ(j·c)</c> since step m. Step numbers restart often, so that rounding stays below
/// 1e-12.
/// </remarks>
internal sealed class EnergyLedger
{
    /// <summary>
    /// Number of steps after which the sums restart. The differences in <see cref="JoulesSince"/> lose the five decimal digits of a step
    /// number.
    /// </summary>
    private const long MaxSteps = 1 << 16;

    private long step;
    private double shares;
    private double prices;
    private double weightedPrices;

    /// <summary>Whether every running request should be settled and the ledger restarted.</summary>
    internal bool IsFull => step > MaxSteps;

    /// <summary>The present sums, from which a request is settled later.</summary>
    internal Mark Now => new(step, shares, prices, weightedPrices);

    /// <summary>Enters a stretch of steps.</summary>
    /// <param name="count">Number of steps.</param>
    /// <param name="shareJoules">Energy that each request pays in each step whatever its context, in joules.</param>
    /// <param name="contextTokenJoules">Energy that a request pays in each step for each of its context tokens, in joules.</param>
    internal void Add(int count, double shareJoules, double contextTokenJoules)
    {
        ArithmeticProgression stepNumbers = new(step, 1);
        shares += count * shareJoules;
        prices += count * contextTokenJoules;
        weightedPrices += contextTokenJoules * stepNumbers.Sum(count);
        step += count;
    }

    /// <summary>Energy that a request has paid since a mark, in joules.</summary>
    /// <param name="from">The mark.</param>
    /// <param name="contextTokens">Context of the request in the first step since the mark, in tokens.</param>
    internal double JoulesSince(in Mark from, int contextTokens) =>
        shares - from.ShareJoules + ((contextTokens - from.Step) * (prices - from.PriceJoulesPerToken))
        + weightedPrices - from.WeightedPriceJoulesPerToken;

    /// <summary>Restarts the sums. Every running request must have been settled immediately before.</summary>
    internal void Restart()
    {
        step = 0;
        shares = 0;
        prices = 0;
        weightedPrices = 0;
    }

    /// <summary>The sums at one moment.</summary>
    internal readonly record struct Mark(long Step, double ShareJoules, double PriceJoulesPerToken, double WeightedPriceJoulesPerToken);
}
