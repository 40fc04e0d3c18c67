using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace GreenServe.Analysis.Statistics;

/// <summary>A test of the difference of two means over repeated runs.</summary>
/// <param name="Difference">Second mean - first mean.</param>
/// <param name="StandardError">Standard error of the difference; 0 when the repetitions do not differ from each other.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of Student's t.</param>
/// <param name="PValue">Two-sided p-value of "no difference", in [0, 1].</param>
/// <remarks>
/// Runs without partners are compared by Welch's test (1947), which does not assume equal spreads. Runs with partners of the same workload
/// and seed are compared by Student's t on their differences, which takes the spread of the workload out. Repetitions that agree to the
/// last digit on both sides have no spread; then p is 0 for any difference and 1 for none.
/// </remarks>
internal sealed record TwoSampleTest(double Difference, double StandardError, double DegreesOfFreedom, double PValue)
{
    // Differences below this share of the values are rounding of the last digits.
    private const double Rounding = 1e-12;

    /// <summary>Welch's test of two means.</summary>
    /// <param name="first">One value for each repetition of the first side.</param>
    /// <param name="second">One value for each repetition of the second side.</param>
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

    /// <summary>Student's t test of the differences of pairs.</summary>
    /// <param name="first">The first value of each pair.</param>
    /// <param name="second">The second value of each pair, in the same order.</param>
    /// <returns><c>null</c> with fewer than two pairs.</returns>
    /// <exception cref="ArgumentException">There are not as many first as second values.</exception>
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
        double error = differences.StandardDeviation() / Math.Sqrt(differences.Length);
        return Of(differences.Mean(), error, differences.Length - 1, Scale(first, second));
    }

    /// <summary>Half the width of the confidence interval of the difference.</summary>
    /// <param name="confidence">Confidence of the interval, in (0, 1).</param>
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

    /// <summary>The largest value by magnitude, which says how large rounding may be; above 0.</summary>
    private static double Scale(IEnumerable<double> first, IEnumerable<double> second) =>
        Math.Max(first.Concat(second).Max(Math.Abs), double.Epsilon);
}
