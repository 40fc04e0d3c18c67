namespace GreenServe.Simulation.Runs;

/// <summary>
/// Running sums from which the decode energy of any request follows in constant time. In each step a decoding request pays an equal share
/// of what the step costs whatever the contexts are, and for each of its own context tokens.
/// </summary>
/// <remarks>
/// With step number j, share a(j), price of a context token c(j) and a context that grows by one a step, the energy from step m on is
/// <c>Σa + (s - m)·Σc + Σ(j·c)</c> where s is the context in step m. Numbers restart often, so that rounding stays below 1e-12.
/// </remarks>
internal sealed class EnergyLedger
{
    private const long LongestCount = 1 << 16;

    private long step;
    private double shares;
    private double prices;
    private double weightedPrices;

    /// <summary>Whether every running request should be settled and the ledger restarted.</summary>
    internal bool IsFull => step > LongestCount;

    /// <summary>The sums as they stand, to settle from later.</summary>
    internal Mark Now => new(step, shares, prices, weightedPrices);

    /// <summary>Enters a stretch of steps.</summary>
    /// <param name="count">Steps.</param>
    /// <param name="shareJoules">What each request pays in each step whatever its context (J).</param>
    /// <param name="contextTokenJoules">What it pays for each context token in each step (J).</param>
    internal void Add(int count, double shareJoules, double contextTokenJoules)
    {
        shares += count * shareJoules;
        prices += count * contextTokenJoules;
        weightedPrices += contextTokenJoules * StepStretch.Sum(step, 1, count);
        step += count;
    }

    /// <summary>Energy (J) since <paramref name="from"/> of a request whose context was <paramref name="contextTokens"/> in the first step since.</summary>
    internal double Since(in Mark from, int contextTokens) =>
        shares - from.Shares + ((contextTokens - from.Step) * (prices - from.Prices)) + weightedPrices - from.WeightedPrices;

    /// <summary>Restarts the sums; only right after every running request was settled.</summary>
    internal void Restart()
    {
        step = 0;
        shares = 0;
        prices = 0;
        weightedPrices = 0;
    }

    /// <summary>The sums at one moment.</summary>
    internal readonly record struct Mark(long Step, double Shares, double Prices, double WeightedPrices);
}
