namespace GreenServe.Analysis.Statistics;

/// <summary>The Pareto front: points that no other point beats. A point has two quantities, of which less is better.</summary>
/// <remarks>A point is beaten by another that is at least as low in both quantities and lower in one.</remarks>
internal static class ParetoFront
{
    /// <summary>The indices of the points on the front, ascending in the first quantity. Equal points are all on the front.</summary>
    /// <param name="points">The two quantities of each point.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<(double First, double Second)> points) =>
        [.. Enumerable.Range(0, points.Count)
            .Where(index => !points.Any(other => Dominates(other, points[index])))
            .OrderBy(index => points[index].First).ThenBy(index => points[index].Second)];

    private static bool Dominates((double First, double Second) one, (double First, double Second) other) =>
        one.First <= other.First && one.Second <= other.Second && (one.First < other.First || one.Second < other.Second);
}
