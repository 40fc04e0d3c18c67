using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace GreenServe.Analysis.Statistics;

/// <summary>The difference of two means between runs.</summary>
/// <param name="Difference">Second mean - first mean.</param>
/// <param name="StandardError">Standard error of the difference; 0 when no repetition differs.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of Student's t.</param>
/// <param name="PValue">Two-sided p-value of "no difference".</param>
/// <remarks>
/// Unpaired: Welch (1947), which does not assume equal spreads. Paired: Student's t on the differences of runs that had the same
/// workload and seed, which takes the spread of the workload out. Repetitions that agree to the last digit on both sides have no
/// spread: then any difference has p = 0 and no difference has p = 1.
/// </remarks>
public sealed record TwoSampleTest(double Difference, double StandardError, double DegreesOfFreedom, double PValue)
{
    // Below this share of the values, differences are rounding of the last digits.
    private const double Rounding = 1e-12;

    /// <summary>Welch's test.</summary>
    /// <returns><c>null</c> when a side has fewer than two repetitions.</returns>
    public static TwoSampleTest? Welch(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        if (first.Count < 2 || second.Count < 2)
        {
            return null;
        }

        double a = first.Variance() / first.Count;
        double b = second.Variance() / second.Count;
        double error = Math.Sqrt(a + b);
        double freedom = a + b > 0
            ? (a + b) * (a + b) / ((a * a / (first.Count - 1)) + (b * b / (second.Count - 1)))
            : first.Count + second.Count - 2;
        return Of(second.Mean() - first.Mean(), error, freedom, Scale(first, second));
    }

    /// <summary>Student's t on pairs.</summary>
    /// <param name="first">One value a pair.</param>
    /// <param name="second">The other values, in the same order.</param>
    /// <returns><c>null</c> with fewer than two pairs.</returns>
    public static TwoSampleTest? Paired(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException("Pairs need as many first as second values.", nameof(second));
        }

        if (first.Count < 2)
        {
            return null;
        }

        double[] differences = [.. first.Zip(second, (one, other) => other - one)];
        return Of(differences.Mean(), differences.StandardDeviation() / Math.Sqrt(differences.Length), differences.Length - 1, Scale(first, second));
    }

    /// <summary>Half the width of the confidence interval of the difference.</summary>
    /// <param name="confidence">In (0, 1).</param>
    public double HalfWidth(double confidence) =>
        StandardError == 0 ? 0 : StandardError * StudentT.InvCDF(0, 1, DegreesOfFreedom, (1 + confidence) / 2);

    private static TwoSampleTest Of(double difference, double error, double freedom, double scale)
    {
        if (error <= Rounding * scale)
        {
            bool isEqual = Math.Abs(difference) <= Rounding * scale;
            return new TwoSampleTest(isEqual ? 0 : difference, 0, freedom, isEqual ? 1 : 0);
        }

        double p = 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(difference / error));
        return new TwoSampleTest(difference, error, freedom, Math.Clamp(p, 0, 1));
    }

    private static double Scale(IEnumerable<double> first, IEnumerable<double> second) =>
        Math.Max(first.Concat(second).Max(Math.Abs), double.Epsilon);
}
