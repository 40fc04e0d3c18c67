using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Non-linear least squares by damped Gauss-Newton steps (Levenberg-Marquardt) with a numeric Jacobian, bounds, and weights that take
/// influence from outliers (Huber): real steps hold warm-ups and pauses that no model explains.
/// </summary>
internal static class LeastSquares
{
    private const int MaxIterations = 100;
    private const int Reweightings = 4;
    private const double Difference = 1e-6;
    private const double Converged = 1e-9;
    private const double HuberBound = 1.5;
    private const double NormalPerMedian = 1.4826;
    private const double TwoSided = 0.975;

    /// <summary>
    /// Residuals that count as independent against what was known before: thousands of steps share the same few causes, and would together
    /// carry a constant that they hardly depend on far off for an improvement that means nothing.
    /// </summary>
    private const double IndependentResiduals = 500;

    /// <summary>Solves a problem.</summary>
    internal static FitSolution Fit(FitProblem problem)
    {
        Vector<double> parameters = Vector<double>.Build.Dense(problem.Start);
        Vector<double> residuals = Evaluate(problem, parameters);
        Vector<double> given = problem.Weights is { } known ? Vector<double>.Build.Dense(known) : Vector<double>.Build.Dense(residuals.Count, 1);
        Vector<double> weights = given;
        for (int round = 0; round < Reweightings; round++)
        {
            (parameters, residuals) = Minimise(problem, parameters, weights);
            double scale = Math.Max(problem.MinError, NormalPerMedian * residuals.Select(Math.Abs).Median());
            weights = given.PointwiseMultiply(residuals.Map(value => Math.Min(1, HuberBound * scale / Math.Max(1e-300, Math.Abs(value)))));
        }

        return new FitSolution(parameters.ToArray(), HalfWidths(problem, parameters, residuals, weights));
    }

    private static (Vector<double> Parameters, Vector<double> Residuals) Minimise(FitProblem problem, Vector<double> start, Vector<double> weights)
    {
        Vector<double> parameters = start;
        Vector<double> current = Evaluate(problem, parameters);
        Matrix<double> jacobian = Jacobian(problem, parameters, current);
        double cost = Cost(problem, parameters, current, weights);
        double damping = 1e-3;
        for (int iteration = 0; iteration < MaxIterations && damping < 1e9; iteration++)
        {
            double prior = Math.Max(1, current.Count / IndependentResiduals);
            Matrix<double> normal = Normal(problem, jacobian, weights, prior);
            Vector<double> gradient = jacobian.TransposeThisAndMultiply(weights.PointwiseMultiply(current)) + (prior * PriorGradient(problem, parameters));
            Matrix<double> damped = normal + Matrix<double>.Build.DenseOfDiagonalVector(damping * (normal.Diagonal() + 1e-12));
            Vector<double> candidate = Clamp(problem, parameters - damped.Solve(gradient));
            Vector<double> errors = Evaluate(problem, candidate);
            double candidateCost = Cost(problem, candidate, errors, weights);
            if (!(candidateCost < cost))
            {
                damping *= 4;
                continue;
            }

            double moved = (candidate - parameters).L2Norm();
            (parameters, current, cost) = (candidate, errors, candidateCost);
            damping = Math.Max(1e-9, damping / 4);
            if (moved < Converged)
            {
                break;
            }

            jacobian = Jacobian(problem, parameters, current);
        }

        return (parameters, current);
    }

    /// <summary>
    /// The wider of two intervals: one that takes every residual as independent, and one that takes only the clusters as such (sandwich
    /// estimate, Student's t), since all steps of a run share what the model does not know of it.
    /// </summary>
    private static double[] HalfWidths(FitProblem problem, Vector<double> parameters, Vector<double> residuals, Vector<double> weights)
    {
        Matrix<double> jacobian = Jacobian(problem, parameters, residuals);
        Matrix<double> inverse = Normal(problem, jacobian, weights, 1).PseudoInverse();
        Vector<double> weighted = weights.PointwiseMultiply(residuals);
        double variance = Math.Max(
            problem.MinError * problem.MinError, weighted.DotProduct(residuals) / Math.Max(1, residuals.Count - parameters.Count));

        int clusters = problem.Clusters.Max() + 1;
        Matrix<double> scores = Matrix<double>.Build.Dense(clusters, parameters.Count);
        for (int row = 0; row < residuals.Count; row++)
        {
            scores.SetRow(problem.Clusters[row], scores.Row(problem.Clusters[row]) + (weighted[row] * jacobian.Row(row)));
        }

        Matrix<double> spread = scores * inverse;
        double quantile = clusters > 1 ? StudentT.InvCDF(0, 1, clusters - 1, TwoSided) : 0;
        double normal = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, TwoSided);
        return [.. Enumerable.Range(0, parameters.Count).Select(index =>
        {
            double independent = normal * Math.Sqrt(Math.Max(0, inverse[index, index] * variance));
            double clustered = clusters > 1
                ? quantile * Math.Sqrt(clusters / (clusters - 1.0) * spread.Column(index).DotProduct(spread.Column(index)))
                : 0;
            return Math.Max(independent, clustered);
        })];
    }

    private static Vector<double> Evaluate(FitProblem problem, Vector<double> parameters) =>
        Vector<double>.Build.Dense(problem.Residuals(parameters.ToArray()));

    private static double Cost(FitProblem problem, Vector<double> parameters, Vector<double> residuals, Vector<double> weights) =>
        weights.PointwiseMultiply(residuals).DotProduct(residuals)
        + (Math.Max(1, residuals.Count / IndependentResiduals) * parameters.Select((value, index) => PriorWeight(problem, index) * Math.Pow(value - problem.Start[index], 2)).Sum());

    private static Matrix<double> Normal(FitProblem problem, Matrix<double> jacobian, Vector<double> weights, double prior)
    {
        Matrix<double> weighted = Matrix<double>.Build.Dense(jacobian.RowCount, jacobian.ColumnCount, (row, column) => weights[row] * jacobian[row, column]);
        return jacobian.TransposeThisAndMultiply(weighted)
            + Matrix<double>.Build.DenseDiagonal(jacobian.ColumnCount, jacobian.ColumnCount, index => prior * PriorWeight(problem, index));
    }

    private static Vector<double> PriorGradient(FitProblem problem, Vector<double> parameters) =>
        Vector<double>.Build.Dense(parameters.Count, index => PriorWeight(problem, index) * (parameters[index] - problem.Start[index]));

    private static double PriorWeight(FitProblem problem, int index) => Math.Pow(problem.MinError / problem.Spread[index], 2);

    private static Vector<double> Clamp(FitProblem problem, Vector<double> parameters) =>
        Vector<double>.Build.Dense(parameters.Count, index => Math.Clamp(parameters[index], problem.Lower[index], problem.Upper[index]));

    private static Matrix<double> Jacobian(FitProblem problem, Vector<double> parameters, Vector<double> current)
    {
        Matrix<double> jacobian = Matrix<double>.Build.Dense(current.Count, parameters.Count);
        for (int column = 0; column < parameters.Count; column++)
        {
            // Towards the inside, so that a parameter at its upper bound has a slope.
            double difference = parameters[column] + Difference > problem.Upper[column] ? -Difference : Difference;
            Vector<double> moved = parameters.Clone();
            moved[column] += difference;
            jacobian.SetColumn(column, (Evaluate(problem, moved) - current) / difference);
        }

        return jacobian;
    }
}
