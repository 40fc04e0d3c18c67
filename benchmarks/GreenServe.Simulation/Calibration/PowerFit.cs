using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using MathNet.Numerics.LinearAlgebra;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Fits the power constants to the energy of windows between meter readings. Energy is linear in them once the work in a window is known,
/// so this is linear least squares.
/// </summary>
internal static class PowerFit
{
    /// <summary>Shortest window (s): ten refreshes of a counter that refreshes every 100 ms.</summary>
    private const double ShortestSeconds = 1;

    private const double TwoSided95 = 1.96;

    /// <summary>Least relative error of a window's energy: no meter and no model is better.</summary>
    private const double LeastError = 0.02;

    private static readonly CalibrationConstant[] Constants =
        [CalibrationConstant.ClockedWatts, CalibrationConstant.MemoryWatts, CalibrationConstant.ComputeWatts];

    /// <summary>Fits the constants; nothing where no run was metered for long enough.</summary>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs)
    {
        PowerWindow[] windows = [.. runs.SelectMany(run => Windows(run))];
        if (windows.Length <= Constants.Length)
        {
            return [];
        }

        // Relative errors, and the constants in units of what they were before.
        double[] before = [.. Constants.Select(constant => Math.Max(1e-3, StepFit.Before(runs[0].System, constant)))];
        Matrix<double> design = Matrix<double>.Build.Dense(windows.Length, Constants.Length, (row, column) =>
            windows[row].Coefficients[column] * before[column] / windows[row].Joules);
        Vector<double> wanted = Vector<double>.Build.Dense(windows.Length, row => (windows[row].Joules - windows[row].IdleJoules - windows[row].SamplingJoules) / windows[row].Joules);
        Vector<double> scales = design.QR().Solve(wanted);
        Vector<double> errors = (design * scales) - wanted;
        double spread = Math.Max(LeastError * LeastError, errors.DotProduct(errors) / (windows.Length - Constants.Length));
        Matrix<double> covariance = design.TransposeThisAndMultiply(design).PseudoInverse() * spread;
        return [.. Constants.Select((constant, index) =>
        {
            double half = TwoSided95 * Math.Sqrt(Math.Max(0, covariance[index, index]));
            return new FittedConstant(
                constant,
                Math.Max(0, scales[index]) * before[index],
                Math.Max(0, scales[index] - half) * before[index],
                Math.Max(0, scales[index] + half) * before[index],
                before[index]);
        })];
    }

    /// <summary>Windows between readings at least a second apart, each with the work that its steps did.</summary>
    internal static IEnumerable<PowerWindow> Windows(CalibrationRun run)
    {
        StepPhysics physics = new(run.System);
        PowerConstants power = run.System.Gpu.Power;
        int index = 0;
        int next = 0;
        while (index < run.Energy.Count - 1)
        {
            int end = index + 1;
            while (end < run.Energy.Count && run.Energy[end].Seconds - run.Energy[index].Seconds < ShortestSeconds)
            {
                end++;
            }

            if (end >= run.Energy.Count)
            {
                yield break;
            }

            (double start, double first) = run.Energy[index];
            (double stop, double last) = run.Energy[end];
            while (next < run.Steps.Count && run.Steps[next].StartSeconds + run.Steps[next].Seconds <= start)
            {
                next++;
            }

            yield return PowerWindow.Of(run, physics, power, next, start, stop, last - first);
            index = end;
        }
    }
}
