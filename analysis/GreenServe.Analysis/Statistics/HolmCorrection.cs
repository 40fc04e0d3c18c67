namespace GreenServe.Analysis.Statistics;

/// <summary>p-values corrected for how many were looked at.</summary>
/// <remarks>Holm (1979): keeps the chance of any false alarm below the level, however the tests depend on each other.</remarks>
public static class HolmCorrection
{
    /// <summary>The adjusted p-values, in the order given.</summary>
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
