using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>The time of a request outside the engine: the sum of two medians, each with the interval of its order statistics.</summary>
internal static class FrontEndFit
{
    private const int MinWaits = 5;

    /// <summary>The constant; nothing where too few requests tell it.</summary>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs)
    {
        double[] before = [.. runs.SelectMany(run => run.FrontEnd.Before).Order()];
        double[] after = [.. runs.SelectMany(run => run.FrontEnd.After).Order()];
        if (before.Length < MinWaits || after.Length < MinWaits)
        {
            return [];
        }

        (double low, double high) = Interval(before);
        (double lowAfter, double highAfter) = Interval(after);
        return
        [
            new FittedConstant(
                CalibrationConstant.FrontEndSeconds,
                Math.Max(0, before.Median() + after.Median()),
                Math.Max(0, low + lowAfter),
                Math.Max(0, high + highAfter),
                SystemConstants.Of(runs[0].System, CalibrationConstant.FrontEndSeconds),
                IsTold: true),
        ];
    }

    private static (double Low, double High) Interval(double[] sorted)
    {
        double half = Normal.InvCDF(0, 1, 0.975) * Math.Sqrt(sorted.Length) / 2;
        int low = (int)Math.Clamp(Math.Floor((sorted.Length / 2.0) - half), 0, sorted.Length - 1);
        int high = (int)Math.Clamp(Math.Ceiling((sorted.Length / 2.0) + half), 0, sorted.Length - 1);
        return (sorted[low], sorted[high]);
    }
}
