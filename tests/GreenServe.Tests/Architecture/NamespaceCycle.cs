namespace GreenServe.Tests.Architecture;

/// <summary>Finds a cycle among the namespaces of some uses.</summary>
internal static class NamespaceCycle
{
    /// <summary>The first shortest cycle with two types for each of its edges; empty where there is none.</summary>
    internal static string Describe(IReadOnlyList<TypeUse> uses)
    {
        ILookup<string, TypeUse> edges = uses
            .Where(use => use.From.Namespace != use.To.Namespace)
            .DistinctBy(use => (use.From.Namespace, use.To.Namespace))
            .OrderBy(use => use.To.Namespace, StringComparer.Ordinal)
            .ToLookup(use => use.From.Namespace);
        IEnumerable<TypeUse[]> cycles = edges.Select(group => group.Key).Order(StringComparer.Ordinal)
            .Select(start => ShortestWayBack(start, edges)).OfType<TypeUse[]>();
        return cycles.OrderBy(cycle => cycle.Length).FirstOrDefault() is { } found
            ? string.Join(", ", found.Select(use => $"{use.From.Namespace} -> {use.To.Namespace} ({use.From.Name} uses {use.To.Name})"))
            : "";
    }

    private static TypeUse[]? ShortestWayBack(string start, ILookup<string, TypeUse> edges)
    {
        Queue<TypeUse[]> ways = new(edges[start].Select(use => new[] { use }));
        HashSet<string> seen = [];
        while (ways.TryDequeue(out TypeUse[]? way))
        {
            string end = way[^1].To.Namespace;
            if (end == start)
            {
                return way;
            }

            if (seen.Add(end))
            {
                foreach (TypeUse next in edges[end])
                {
                    ways.Enqueue([.. way, next]);
                }
            }
        }

        return null;
    }
}
