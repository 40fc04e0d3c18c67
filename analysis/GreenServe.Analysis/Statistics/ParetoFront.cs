namespace GreenServe.Analysis.Statistics;

/// <summary>Points that no other point beats in both of two quantities of which less is better.</summary>
public static class ParetoFront
{
    /// <summary>Indices of the front, ascending in the first quantity. Of equal points all belong to it.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<(double First, double Second)> points) =>
        [.. Enumerable.Range(0, points.Count)
            .Where(index => !points.Any(other => Dominates(other, points[index])))
            .OrderBy(index => points[index].First).ThenBy(index => points[index].Second)];

    private static bool Dominates((double First, double Second) one, (double First, double Second) other) =>
        one.First <= other.First && one.Second <= other.Second && (one.First < other.First || one.Second < other.Second);
}
