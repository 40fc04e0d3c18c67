namespace GreenServe.Analysis.Statistics;

/// <summary>Tells whether two means cannot be told apart.</summary>
public static class EqualMeans
{
    /// <summary>Means that differ by a smaller share count as equal, however sure the difference is.</summary>
    public const double Share = 0.005;

    /// <summary>Whether two means cannot be told apart: their ratio may be 1, or is within <see cref="Share"/> of it.</summary>
    /// <param name="ratio">
    /// One mean over the other with its interval; <c>null</c> where it is not known, and then they are not said to be equal.
    /// </param>
    internal static bool AreEqual(MeanInterval? ratio) =>
        ratio is not null && Math.Abs(ratio.Mean - 1) <= Math.Max(ratio.HalfWidth ?? 0, Share);
}
