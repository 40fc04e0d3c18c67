namespace GreenServe.Analysis.Statistics;

/// <summary>Corrects p-values for the number of tests.</summary>
/// <remarks>
/// Source: Holm (1979). The chance of any false alarm stays below the level of the tests, however the tests depend on each other.
/// </remarks>
internal static class HolmCorrection
{
    /// <summary>Adjusts p-values for the number of tests.</summary>
    /// <param name="pValues">One p-value a test, in any order.</param>
    /// <returns>The adjusted p-values in the order given, each at most 1.</returns>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        double[] adjusted = new double[pValues.Count];
        double running = 0;
        foreach ((int rank, int index) in Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]).Index())
        {
            running = Math.Max(running, Math.Min(1, pValues[index] * (pValues.Count - rank)));
            adjusted[index] = running;
        }

        return adjusted;
    }
}
