using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Non-linear least squares by damped Gauss-Newton steps (Levenberg-Marquardt) with a numeric Jacobian and bounds. Huber weights reduce the
/// influence of outliers, since measured steps include warm-ups and pauses that no model explains.
/// </summary>
internal static class LeastSquares
{
    /// <summary>Bound on the damped steps of one minimisation, so that it always ends.</summary>
    private const int MaxIterations = 100;

    /// <summary>
    /// Number of steps in a row with too small a gain at which a minimisation ends. One alone may be a step with much damping.
    /// </summary>
    private const int MaxSmallGains = 3;

    /// <summary>Damping of the first step, relative to the diagonal of the normal matrix.</summary>
    private const double StartDamping = 1e-3;

    /// <summary>Factor by which damping rises after a step that raises the cost, and falls after one that lowers it.</summary>
    private const double DampingFactor = 4;

    /// <summary>Smallest damping. Below it steps are plain Gauss-Newton steps.</summary>
    private const double MinDamping = 1e-9;

    /// <summary>Damping at which a minimisation gives up, since no step lowers the cost.</summary>
    private const double MaxDamping = 1e9;

    /// <summary>Added to the diagonal, so that a parameter on which no residual depends can be damped.</summary>
    private const double DiagonalFloor = 1e-12;

    /// <summary>
    /// Residuals above this many standard errors lose weight: the usual choice, about 96 % efficient for normal errors.
    /// </summary>
    private const double HuberBound = 1.5;

    /// <summary>Standard deviation of a normal distribution divided by its median absolute deviation.</summary>
    private const double NormalPerMedian = 1.4826;

    /// <summary>Quantile that a two-sided 95 % interval ends at.</summary>
    private const double TwoSided = 0.975;

    /// <summary>
    /// Number of residuals that count as independent against what was known before. Thousands of steps share the same few causes. Without
    /// this limit, together they could move a constant on which they hardly depend far away for an improvement that means nothing.
    /// </summary>
    private const double IndependentResiduals = 500;

    /// <summary>Solves a fit problem.</summary>
    internal static FitSolution Fit(FitProblem problem)
    {
        Vector<double> parameters = Vector<double>.Build.Dense(problem.From ?? problem.Start);
        Vector<double> residuals = Evaluate(problem, parameters);
        Vector<double> given = problem.Weights is { } known
            ? Vector<double>.Build.Dense(known)
            : Vector<double>.Build.Dense(residuals.Count, 1);
        Vector<double> weights = given;
        for (int round = 0; round < problem.Reweightings; round++)
        {
            (parameters, residuals) = Minimise(problem, parameters, weights);
            double scale = Math.Max(problem.MinErrorRatio, NormalPerMedian * residuals.Select(Math.Abs).Median());
            weights = given.PointwiseMultiply(residuals.Map(value => RobustWeight(problem.Loss, value, scale)));
        }

        Matrix<double> jacobian = Jacobian(problem, parameters, residuals);
        Matrix<double> inverse = Normal(problem, jacobian, weights, 1).PseudoInverse();
        double variance = Variance(problem, residuals, weights);
        return new FitSolution(
            parameters.ToArray(), HalfWidths(problem, jacobian, inverse, variance, residuals, weights), variance * inverse);
    }

    private static double Variance(FitProblem problem, Vector<double> residuals, Vector<double> weights) => Math.Max(
        problem.MinErrorRatio * problem.MinErrorRatio,
        weights.PointwiseMultiply(residuals).DotProduct(residuals) / Math.Max(1, residuals.Count - problem.Start.Length));

    /// <summary>
    /// Weight of a residual, which falls with its size. Huber's is 1 up to the bound; a residual of 0 is kept from dividing by zero.
    /// </summary>
    private static double RobustWeight(RobustLoss loss, double residual, double scale) => loss == RobustLoss.SoftL1
        ? 1 / Math.Sqrt(1 + Math.Pow(residual / scale, 2))
        : Math.Min(1, HuberBound * scale / Math.Max(1e-300, Math.Abs(residual)));

    private static (Vector<double> Parameters, Vector<double> Residuals) Minimise(
        FitProblem problem, Vector<double> start, Vector<double> weights)
    {
        Vector<double> parameters = start;
        Vector<double> current = Evaluate(problem, parameters);
        Matrix<double> jacobian = Jacobian(problem, parameters, current);
        double cost = Cost(problem, parameters, current, weights);
        double damping = StartDamping;
        int smallGains = 0;
        for (int iteration = 0; iteration < MaxIterations && damping < MaxDamping; iteration++)
        {
            double prior = Math.Max(1, current.Count / IndependentResiduals);
            Matrix<double> normal = Normal(problem, jacobian, weights, prior);
            Vector<double> gradient = jacobian.TransposeThisAndMultiply(weights.PointwiseMultiply(current))
                + (prior * PriorGradient(problem, parameters));
            Matrix<double> damped = normal + Matrix<double>.Build.DenseOfDiagonalVector(damping * (normal.Diagonal() + DiagonalFloor));
            Vector<double> candidate = Clamp(problem, parameters - damped.Solve(gradient));
            Vector<double> errors = Evaluate(problem, candidate);
            double candidateCost = Cost(problem, candidate, errors, weights);
            if (!(candidateCost < cost))
            {
                damping *= DampingFactor;
                continue;
            }

            double moved = (candidate - parameters).L2Norm();
            smallGains = cost - candidateCost > problem.MinGainRatio * cost ? 0 : smallGains + 1;
            (parameters, current, cost) = (candidate, errors, candidateCost);
            damping = Math.Max(MinDamping, damping / DampingFactor);
            if ((moved < problem.Converged && damping <= StartDamping) || (smallGains == MaxSmallGains && problem.MinGainRatio > 0))
            {
                break;
            }

            jacobian = Jacobian(problem, parameters, current);
        }

        return (parameters, current);
    }

    /// <summary>
    /// Half widths of the wider of two intervals for each parameter. One takes every residual as independent. The other takes only the
    /// clusters as independent (sandwich estimate, Student's t), since all steps of a run share causes that the model does not know.
    /// </summary>
    private static double[] HalfWidths(
        FitProblem problem,
        Matrix<double> jacobian,
        Matrix<double> inverse,
        double variance,
        Vector<double> residuals,
        Vector<double> weights)
    {
        int count = jacobian.ColumnCount;
        Vector<double> weighted = weights.PointwiseMultiply(residuals);
        int clusters = problem.Clusters.Max() + 1;
        Matrix<double> scores = Matrix<double>.Build.Dense(clusters, count);
        for (int row = 0; row < residuals.Count; row++)
        {
            scores.SetRow(problem.Clusters[row], scores.Row(problem.Clusters[row]) + (weighted[row] * jacobian.Row(row)));
        }

        Matrix<double> spread = scores * inverse;
        double quantile = clusters > 1 ? StudentT.InvCDF(0, 1, clusters - 1, TwoSided) : 0;
        double normal = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, TwoSided);
        return [.. Enumerable.Range(0, count).Select(index =>
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

    private static double Cost(FitProblem problem, Vector<double> parameters, Vector<double> residuals, Vector<double> weights)
    {
        double prior = parameters.Select((value, index) => PriorWeight(problem, index) * Math.Pow(value - problem.Start[index], 2)).Sum();
        return weights.PointwiseMultiply(residuals).DotProduct(residuals)
            + (Math.Max(1, residuals.Count / IndependentResiduals) * prior);
    }

    private static Matrix<double> Normal(FitProblem problem, Matrix<double> jacobian, Vector<double> weights, double prior)
    {
        Matrix<double> weighted = Matrix<double>.Build.Dense(
            jacobian.RowCount, jacobian.ColumnCount, (row, column) => weights[row] * jacobian[row, column]);
        return jacobian.TransposeThisAndMultiply(weighted)
            + Matrix<double>.Build.DenseDiagonal(
                jacobian.ColumnCount, jacobian.ColumnCount, index => prior * PriorWeight(problem, index));
    }

    private static Vector<double> PriorGradient(FitProblem problem, Vector<double> parameters) =>
        Vector<double>.Build.Dense(parameters.Count, index => PriorWeight(problem, index) * (parameters[index] - problem.Start[index]));

    private static double PriorWeight(FitProblem problem, int index) => Math.Pow(problem.MinErrorRatio / problem.Spread[index], 2);

    private static Vector<double> Clamp(FitProblem problem, Vector<double> parameters) =>
        Vector<double>.Build.Dense(parameters.Count, index => Math.Clamp(parameters[index], problem.Lower[index], problem.Upper[index]));

    private static Matrix<double> Jacobian(FitProblem problem, Vector<double> parameters, Vector<double> current)
    {
        Matrix<double> jacobian = Matrix<double>.Build.Dense(current.Count, parameters.Count);
        for (int column = 0; column < parameters.Count; column++)
        {
            // The change points away from the upper bound, so that a parameter at the bound has a slope.
            double up = Math.Min(problem.Difference, problem.Upper[column] - parameters[column]);
            bool isAtBound = up < problem.Difference / 2;
            double down = isAtBound || problem.IsCentral ? Math.Min(problem.Difference, parameters[column] - problem.Lower[column]) : 0;
            Vector<double> above = isAtBound ? current : Moved(up);
            Vector<double> below = down > 0 ? Moved(-down) : current;
            jacobian.SetColumn(column, (above - below) / ((isAtBound ? 0 : up) + down));

            Vector<double> Moved(double change)
            {
                Vector<double> moved = parameters.Clone();
                moved[column] += change;
                return Evaluate(problem, moved);
            }
        }

        return jacobian;
    }
}

/// <summary>A robust non-linear fit: the errors to minimise, the start, the bounds, and what was known before.</summary>
internal sealed record FitProblem
{
    /// <summary>Relative errors at given parameters, always the same number of them.</summary>
    internal required Func<double[], double[]> Residuals { get; init; }

    /// <summary>Parameters that are known before the fit.</summary>
    internal required double[] Start { get; init; }

    /// <summary>Parameters at which the search begins; <c>null</c> for <see cref="Start"/>.</summary>
    internal double[]? From { get; init; }

    /// <summary>Standard deviations of the parameters before the fit; infinite where nothing is known.</summary>
    internal required double[] Spread { get; init; }

    /// <summary>Lower bounds of the parameters.</summary>
    internal required double[] Lower { get; init; }

    /// <summary>Upper bounds of the parameters.</summary>
    internal required double[] Upper { get; init; }

    /// <summary>For each residual the number of the group, such as its run, with which it shares unknown causes, from 0.</summary>
    internal required int[] Clusters { get; init; }

    /// <summary>Weight of each residual; <c>null</c> for equal weights.</summary>
    internal double[]? Weights { get; init; }

    /// <summary>Smallest standard error that is assumed for a residual: 2 %, since no meter and no model is better.</summary>
    internal double MinErrorRatio { get; init; } = 0.02;

    /// <summary>Number of minimisations. Each but the first takes robust weights from the residuals of the one before it.</summary>
    internal int Reweightings { get; init; } = 4;

    /// <summary>How residuals lose weight with their size.</summary>
    internal RobustLoss Loss { get; init; } = RobustLoss.Huber;

    /// <summary>
    /// Change of a parameter for a numeric derivative. Parameters are of the order of 1. Errors of whole simulated runs need a large one,
    /// since they jump where a request joins another step.
    /// </summary>
    internal double Difference { get; init; } = 1e-6;

    /// <summary>Whether derivatives are taken to both sides, which halves the harm that jumps do and takes twice the time.</summary>
    internal bool IsCentral { get; init; }

    /// <summary>Length of a step below which a minimisation has converged.</summary>
    internal double Converged { get; init; } = 1e-9;

    /// <summary>Share of the cost by which a step must lower it for the minimisation to go on.</summary>
    internal double MinGainRatio { get; init; }
}

/// <summary>How residuals lose weight with their size.</summary>
internal enum RobustLoss
{
    /// <summary>Full weight up to a bound, and the weight of the bound beyond it.</summary>
    Huber,

    /// <summary>Smoothly falling weight: the cost of a residual <c>r</c> is <c>2·(√(1 + r²) - 1)</c> in units of the error.</summary>
    SoftL1,
}

/// <summary>The result of a fit.</summary>
/// <param name="Parameters">The fitted parameters.</param>
/// <param name="HalfWidths">Half the width of the 95 % confidence interval of each parameter.</param>
/// <param name="Covariance">Covariance of the parameters with every residual taken as independent.</param>
internal sealed record FitSolution(double[] Parameters, double[] HalfWidths, Matrix<double> Covariance);
