using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>The time that a request spends outside the engine: the sum of the median waits before and after it.</summary>
internal static class FrontEndFit
{
    /// <summary>Number of waits that are needed before and after the engine. A median of fewer says little.</summary>
    private const int MinWaits = 5;

    /// <summary>Quantile that a two-sided 95 % interval ends at.</summary>
    private const double TwoSided = 0.975;

    /// <summary>The constant with its interval; empty where too few requests waited for an idle engine.</summary>
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
                IsIdentified: true),
        ];
    }

    /// <summary>The 95 % interval of a median, from its order statistics.</summary>
    private static (double Low, double High) Interval(double[] sorted)
    {
        double half = Normal.InvCDF(0, 1, TwoSided) * Math.Sqrt(sorted.Length) / 2;
        int low = (int)Math.Clamp(Math.Floor((sorted.Length / 2.0) - half), 0, sorted.Length - 1);
        int high = (int)Math.Clamp(Math.Ceiling((sorted.Length / 2.0) + half), 0, sorted.Length - 1);
        return (sorted[low], sorted[high]);
    }
}
