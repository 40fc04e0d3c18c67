using MathNet.Numerics.LinearAlgebra;

namespace GreenServe.Simulation.Calibration;

/// <summary>Non-linear least squares by damped Gauss-Newton steps (Levenberg-Marquardt), with a numeric Jacobian.</summary>
internal static class LeastSquares
{
    private const int MostIterations = 100;
    private const double Difference = 1e-6;
    private const double Converged = 1e-10;

    /// <summary>Finds the parameters at which the sum of squared residuals is least.</summary>
    /// <param name="residuals">Residuals at some parameters; always the same number.</param>
    /// <param name="start">Where to begin.</param>
    /// <returns>The parameters; the inverse of the normal matrix there, which times the variance of a residual is their covariance; that variance.</returns>
    internal static (double[] Parameters, Matrix<double> Inverse, double Variance) Fit(Func<double[], double[]> residuals, double[] start)
    {
        Vector<double> parameters = Vector<double>.Build.Dense(start);
        Vector<double> current = Evaluate(residuals, parameters);
        double damping = 1e-3;
        Matrix<double> jacobian = Jacobian(residuals, parameters, current);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            Matrix<double> normal = jacobian.TransposeThisAndMultiply(jacobian);
            Vector<double> gradient = jacobian.TransposeThisAndMultiply(current);
            Matrix<double> damped = normal + (damping * Matrix<double>.Build.DenseOfDiagonalVector(normal.Diagonal() + 1e-12));
            Vector<double> step = damped.Solve(-gradient);
            Vector<double> candidate = Evaluate(residuals, parameters + step);
            if (candidate.DotProduct(candidate) < current.DotProduct(current))
            {
                parameters += step;
                current = candidate;
                damping = Math.Max(1e-9, damping / 4);
                jacobian = Jacobian(residuals, parameters, current);
                if (step.L2Norm() < Converged)
                {
                    break;
                }
            }
            else
            {
                damping *= 4;
                if (damping > 1e9)
                {
                    break;
                }
            }
        }

        double spread = current.DotProduct(current) / Math.Max(1, current.Count - parameters.Count);
        Matrix<double> inverse = jacobian.TransposeThisAndMultiply(jacobian).PseudoInverse();
        return (parameters.ToArray(), inverse, spread);
    }

    private static Vector<double> Evaluate(Func<double[], double[]> residuals, Vector<double> parameters) =>
        Vector<double>.Build.Dense(residuals(parameters.ToArray()));

    private static Matrix<double> Jacobian(Func<double[], double[]> residuals, Vector<double> parameters, Vector<double> current)
    {
        Matrix<double> jacobian = Matrix<double>.Build.Dense(current.Count, parameters.Count);
        for (int column = 0; column < parameters.Count; column++)
        {
            Vector<double> moved = parameters.Clone();
            moved[column] += Difference;
            jacobian.SetColumn(column, (Evaluate(residuals, moved) - current) / Difference);
        }

        return jacobian;
    }
}
