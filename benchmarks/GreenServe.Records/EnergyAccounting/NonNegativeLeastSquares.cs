namespace GreenServe.Records.EnergyAccounting;

/// <summary>Least squares for a handful of unknowns, none of which may be negative.</summary>
/// <remarks>
/// Every subset of the columns is fitted, and the best fit without a negative coefficient is taken. That is exact, and fast for
/// three columns. Source: the optimality conditions in Lawson and Hanson, Solving Least Squares Problems, chapter 23.
/// </remarks>
internal static class NonNegativeLeastSquares
{
    /// <summary>
    /// Smallest pivot of the scaled normal equations. Below it two columns are so correlated that their effects cannot be
    /// separated.
    /// </summary>
    private const double SmallestPivot = 1e-4;

    /// <summary>Correlation of neighbouring residuals beyond which the widening would say more than so few stretches can tell.</summary>
    private const double LargestCorrelation = 0.9;

    /// <summary>Coefficients with two standard errors; <c>null</c> if the effects of the columns cannot be separated.</summary>
    internal static NonNegativeFit? Fit(double[][] columns, double[] target)
    {
        int[] used = [.. Enumerable.Range(0, columns.Length).Where(index => columns[index].Any(value => value != 0))];
        if (used.Length == 0 || Solve(columns, target, used) is not { } unbounded)
        {
            return null;
        }

        Solution? best = null;
        for (int subset = 1; subset < 1 << used.Length; subset++)
        {
            int[] chosen = [.. used.Where((_, place) => (subset & (1 << place)) != 0)];
            Solution? solution = chosen.Length == used.Length ? unbounded : Solve(columns, target, chosen);
            bool isAllowed = solution is { } found && found.Coefficients.All(value => value >= 0);
            if (isAllowed && (best is null || solution!.Value.Residual < best.Value.Residual))
            {
                best = solution;
            }
        }

        return best is null ? null : Describe(best.Value, unbounded, columns.Length, target);
    }

    private static NonNegativeFit Describe(Solution solution, Solution unbounded, int columns, double[] target)
    {
        double mean = target.Average();
        double total = target.Sum(value => (value - mean) * (value - mean));
        double variance = solution.Residual / Math.Max(1, target.Length - solution.Columns.Length) * Widening(solution.Residuals);
        ErrorBounded[] coefficients = new ErrorBounded[columns];
        for (int place = 0; place < unbounded.Columns.Length; place++)
        {
            // Setting a negative coefficient to zero does not make it more certain: it keeps the error of the unbounded fit.
            coefficients[unbounded.Columns[place]] = new ErrorBounded(0, 2 * Math.Sqrt(variance * unbounded.InverseDiagonal[place]));
        }

        for (int place = 0; place < solution.Columns.Length; place++)
        {
            coefficients[solution.Columns[place]] =
                new ErrorBounded(solution.Coefficients[place], 2 * Math.Sqrt(variance * solution.InverseDiagonal[place]));
        }

        // A target without variation tells nothing of the columns, however well a constant matches it.
        double rounding = 1e-18 * target.Sum(value => value * value);
        double explained = total > rounding ? 1 - (solution.Residual / total) : 0;
        return new NonNegativeFit(coefficients, explained, solution.Residuals);
    }

    /// <summary>
    /// Factor on the variance of the coefficients for residuals that follow each other: (1 + r) / (1 - r), with r their correlation at
    /// a lag of one. Power drifts with temperature and clock, and stretches that lie close together then tell less than as many apart.
    /// Source: Bayley and Hammersley (1946).
    /// </summary>
    private static double Widening(double[] residuals)
    {
        double power = residuals.Sum(value => value * value);
        double lagged = Enumerable.Range(1, residuals.Length - 1).Sum(index => residuals[index] * residuals[index - 1]);
        double correlation = power > 0 ? Math.Clamp(lagged / power, 0, LargestCorrelation) : 0;
        return (1 + correlation) / (1 - correlation);
    }

    /// <summary>Normal equations on columns scaled to length one, by Gauss-Jordan elimination.</summary>
    private static Solution? Solve(double[][] columns, double[] target, int[] chosen)
    {
        int size = chosen.Length;
        double[] scale = [.. chosen.Select(column => Math.Sqrt(columns[column].Sum(value => value * value)))];
        double[,] matrix = new double[size, (2 * size) + 1];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                matrix[row, column] = Dot(columns[chosen[row]], columns[chosen[column]]) / (scale[row] * scale[column]);
            }

            matrix[row, size + row] = 1;
            matrix[row, 2 * size] = Dot(columns[chosen[row]], target) / scale[row];
        }

        for (int pivot = 0; pivot < size; pivot++)
        {
            if (matrix[pivot, pivot] < SmallestPivot)
            {
                return null;
            }

            Eliminate(matrix, pivot, size);
        }

        double[] coefficients = [.. Enumerable.Range(0, size).Select(row => matrix[row, 2 * size] / scale[row])];
        double[] inverse = [.. Enumerable.Range(0, size).Select(row => matrix[row, size + row] / (scale[row] * scale[row]))];
        double[] residuals = new double[target.Length];
        for (int index = 0; index < target.Length; index++)
        {
            double fitted = 0;
            for (int place = 0; place < size; place++)
            {
                fitted += coefficients[place] * columns[chosen[place]][index];
            }

            residuals[index] = target[index] - fitted;
        }

        return new Solution(chosen, coefficients, inverse, residuals, residuals.Sum(value => value * value));
    }

    private static void Eliminate(double[,] matrix, int pivot, int size)
    {
        double divisor = matrix[pivot, pivot];
        for (int column = 0; column <= 2 * size; column++)
        {
            matrix[pivot, column] /= divisor;
        }

        for (int row = 0; row < size; row++)
        {
            double factor = matrix[row, pivot];
            for (int column = 0; row != pivot && column <= 2 * size; column++)
            {
                matrix[row, column] -= factor * matrix[pivot, column];
            }
        }
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int index = 0; index < left.Length; index++)
        {
            sum += left[index] * right[index];
        }

        return sum;
    }

    /// <summary>A fit of some of the columns.</summary>
    /// <param name="Columns">The columns fitted.</param>
    /// <param name="Coefficients">One coefficient for each of them.</param>
    /// <param name="InverseDiagonal">The diagonal of the inverse of the normal equations.</param>
    /// <param name="Residuals">What the fit leaves of each target.</param>
    /// <param name="Residual">The sum of the squares of what it leaves.</param>
    private readonly record struct Solution(
        int[] Columns, double[] Coefficients, double[] InverseDiagonal, double[] Residuals, double Residual);
}

/// <summary>The result of a fit by <see cref="NonNegativeLeastSquares"/>.</summary>
/// <param name="Coefficients">One coefficient for each column, with two standard errors; zero in place of a negative one.</param>
/// <param name="RSquared">Share of the target's variance explained.</param>
/// <param name="Residuals">What the fit leaves of each target, in the unit of the target.</param>
internal sealed record NonNegativeFit(ErrorBounded[] Coefficients, double RSquared, double[] Residuals);
