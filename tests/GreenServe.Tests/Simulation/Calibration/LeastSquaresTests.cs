using GreenServe.Simulation.Calibration;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class LeastSquaresTests
{
    [Fact]
    public void Fit_FindsAnExponential_DespiteAnOutlier()
    {
        double[] xs = [.. Enumerable.Range(0, 20).Select(index => index / 10.0)];
        double[] ys = [.. xs.Select(x => 3 * Math.Exp(-1.5 * x))];
        ys[7] += 0.5;

        FitSolution solution = LeastSquares.Fit(new FitProblem
        {
            Residuals = p => [.. xs.Zip(ys, (x, y) => (p[0] * Math.Exp(p[1] * x)) - y)],
            Start = [1, 0],
            Spread = [double.PositiveInfinity, double.PositiveInfinity],
            Lower = [double.NegativeInfinity, double.NegativeInfinity],
            Upper = [double.PositiveInfinity, double.PositiveInfinity],
            Clusters = [.. xs.Index().Select(item => item.Index)],
            MinErrorRatio = 1e-6,
        });

        // Least squares alone would miss by 0.1.
        Assert.Equal(3, solution.Parameters[0], 1e-3);
        Assert.Equal(-1.5, solution.Parameters[1], 1e-3);
    }

    [Fact]
    public void Fit_KeepsToItsBounds_AndToWhatWasKnown()
    {
        FitSolution solution = LeastSquares.Fit(new FitProblem
        {
            // The first wants to be -1, the second is not asked about.
            Residuals = p => [p[0] + 1, p[0] + 1],
            Start = [1, 7],
            Spread = [1, 2],
            Lower = [0, 0],
            Upper = [9, 9],
            Clusters = [0, 1],
        });

        Assert.Equal(0, solution.Parameters[0], 1e-9);
        Assert.Equal(7, solution.Parameters[1], 1e-9);
        Assert.True(solution.HalfWidths[1] > 3.9, "two standard deviations of what was known");
    }
}
