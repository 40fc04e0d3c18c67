using GreenServe.Simulation.Capacity;

using MathNet.Numerics.LinearRegression;

namespace GreenServe.Simulation.Policies.Estimates;

/// <summary>Energy of a request as a·in + b·out + c·in·out, the form of Wilkins, Keshav and Mortier (arXiv 2407.04014).</summary>
/// <param name="JoulesPerInputToken">Energy of a prompt token, in joules (a).</param>
/// <param name="JoulesPerOutputToken">Energy of a token of the answer, in joules (b).</param>
/// <param name="JoulesPerTokenPair">Energy of each pair of a prompt token and a token of the answer, in joules (c).</param>
/// <param name="DeterminationRatio">Share of the variance that the form explains (R²), at most 1.</param>
internal sealed record RequestEnergyFit(
    double JoulesPerInputToken, double JoulesPerOutputToken, double JoulesPerTokenPair, double DeterminationRatio)
{
    private static readonly int[] InputTokens = [32, 128, 512, 2048];
    private static readonly int[] OutputTokens = [32, 128, 512];

    /// <summary>The energy of a request, in joules.</summary>
    /// <param name="lengths">Lengths of the request.</param>
    internal double Joules(RequestLengths lengths) => (JoulesPerInputToken * lengths.InputTokens)
        + (JoulesPerOutputToken * lengths.OutputTokens)
        + (JoulesPerTokenPair * lengths.InputTokens * lengths.OutputTokens);

    /// <summary>Fits the form to requests of 32 to 2048 tokens in and 32 to 512 out, with a key-value cache and a batch.</summary>
    /// <param name="serving">The instance.</param>
    /// <param name="sequences">Number of sequences that run at once, at least 1.</param>
    internal static RequestEnergyFit Of(SteadyServing serving, int sequences)
    {
        RequestLengths[] grid = [.. from input in InputTokens from output in OutputTokens select new RequestLengths(input, output)];
        double[] joules = [.. grid.Select(lengths => serving.RequestJoules(lengths, sequences))];
        double[] fitted = MultipleRegression.QR(
            [.. grid.Select(lengths => (double[])
                [lengths.InputTokens, lengths.OutputTokens, (double)lengths.InputTokens * lengths.OutputTokens])],
            joules);
        RequestEnergyFit fit = new(fitted[0], fitted[1], fitted[2], 1);
        double mean = joules.Average();
        double residual = grid.Zip(joules).Sum(pair => Square(pair.Second - fit.Joules(pair.First)));
        return fit with { DeterminationRatio = 1 - (residual / joules.Sum(value => Square(value - mean))) };

        static double Square(double value) => value * value;
    }
}
