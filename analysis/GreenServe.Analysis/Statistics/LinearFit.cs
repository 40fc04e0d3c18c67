using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace GreenServe.Analysis.Statistics;

/// <summary>An ordinary least-squares fit y = X·β with intervals for its coefficients. No intercept is added.</summary>
/// <param name="Coefficients">The coefficients β, one for each column of X.</param>
/// <param name="HalfWidths">
/// Half the 95 % interval of each coefficient (Student's t); <c>null</c> when there are no more points than coefficients.
/// </param>
/// <param name="RSquared">1 - SSE / sum of squares about the mean; <c>null</c> when all y are equal.</param>
/// <param name="UncentredRSquared">
/// 1 - SSE / sum of squares about zero, which statistics packages report for a fit without intercept; <c>null</c> when all y are 0.
/// </param>
/// <param name="Fitted">The fitted y of each point.</param>
internal sealed record LinearFit(
    IReadOnlyList<double> Coefficients,
    IReadOnlyList<double>? HalfWidths,
    double? RSquared,
    double? UncentredRSquared,
    IReadOnlyList<double> Fitted)
{
    // Condition number of XᵀX. Beyond it rounding takes twelve of a double's sixteen digits, and the coefficients are not told apart.
    private const double MaxConditionNumber = 1e12;
    private const double Confidence = 0.95;

    /// <summary>Fits a linear function to points.</summary>
    /// <param name="columns">Values of each regressor, one list for each; add a list of ones for an intercept.</param>
    /// <param name="observed">The observed y, one for each point.</param>
    /// <returns><c>null</c> with fewer points than regressors, or when the regressors depend on each other.</returns>
    public static LinearFit? Of(IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> observed)
    {
        int points = observed.Count;
        if (points < columns.Count)
        {
            return null;
        }

        // Columns of very different size (tokens, tokens squared) are scaled to length 1, so that rank is decided fairly.
        double[] lengths = [.. columns.Select(column => Math.Sqrt(column.Sum(value => value * value)))];
        if (lengths.Any(length => length == 0))
        {
            return null;
        }

        Matrix<double> x = Matrix<double>.Build.Dense(points, columns.Count, (row, column) => columns[column][row] / lengths[column]);
        Vector<double> y = Vector<double>.Build.DenseOfEnumerable(observed);
        Matrix<double> gram = x.TransposeThisAndMultiply(x);
        if (gram.ConditionNumber() > MaxConditionNumber)
        {
            return null;
        }

        Vector<double> scaled = x.QR().Solve(y);
        Vector<double> fitted = x * scaled;
        double errors = (y - fitted).PointwisePower(2).Sum();
        double mean = observed.Average();
        double aboutMean = observed.Sum(value => (value - mean) * (value - mean));
        double aboutZero = observed.Sum(value => value * value);
        return new LinearFit(
            [.. scaled.Select((value, column) => value / lengths[column])],
            HalfWidthsOf(gram, errors, points - columns.Count, lengths),
            aboutMean > 0 ? 1 - (errors / aboutMean) : null,
            aboutZero > 0 ? 1 - (errors / aboutZero) : null,
            [.. fitted]);
    }

    private static double[]? HalfWidthsOf(Matrix<double> gram, double errors, int freedom, double[] lengths)
    {
        if (freedom < 1)
        {
            return null;
        }

        Matrix<double> inverse = gram.Inverse();
        double quantile = StudentT.InvCDF(0, 1, freedom, (1 + Confidence) / 2);
        double variance = errors / freedom;
        return [.. lengths.Select((length, column) => quantile * Math.Sqrt(Math.Max(0, variance * inverse[column, column])) / length)];
    }
}
