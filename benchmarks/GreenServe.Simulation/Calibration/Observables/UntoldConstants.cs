using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>Says in words which constants the loads do not tell, and which of them are told only together.</summary>
internal static class UntoldConstants
{
    /// <summary>Correlation from which two constants are told only together: the loads fix their sum or their ratio.</summary>
    private const double MinCorrelation = 0.7;

    /// <summary>Distance from the value before, in units of how well that was known, up to which a constant stays near it.</summary>
    private const double NearDistance = 0.2;

    /// <summary>One sentence for each constant that is not told.</summary>
    internal static IEnumerable<string> Of(ObservedSolution solution) => Of(solution.Times).Concat(Of(solution.Powers));

    private static IEnumerable<string> Of(PartialFit fit)
    {
        for (int index = 0; index < fit.Constants.Count; index++)
        {
            FittedConstant constant = fit.Constants[index];
            if (!constant.IsIdentified)
            {
                string name = EnumText.Of(constant.Constant);
                yield return Partner(fit, index) is { } partner
                    ? $"{name} is not told by these loads, only together with {EnumText.Of(partner)}"
                    : Math.Abs(fit.Distances[index]) <= NearDistance
                        ? $"{name} is not told by these loads and stays near what it was"
                        : $"{name} is told only roughly by these loads: see its interval";
            }
        }
    }

    /// <summary>The constant whose error is most correlated with that of another; <c>null</c> where none is correlated enough.</summary>
    private static CalibrationConstant? Partner(PartialFit fit, int index)
    {
        int other = Enumerable.Range(0, fit.Constants.Count).Where(candidate => candidate != index)
            .DefaultIfEmpty(index).MaxBy(candidate => Math.Abs(Correlation(fit, index, candidate)));
        return other != index && Math.Abs(Correlation(fit, index, other)) >= MinCorrelation ? fit.Constants[other].Constant : null;
    }

    private static double Correlation(PartialFit fit, int first, int second)
    {
        double scale = Math.Sqrt(fit.Covariance![first, first] * fit.Covariance[second, second]);
        return scale > 0 ? fit.Covariance[first, second] / scale : 0;
    }
}
