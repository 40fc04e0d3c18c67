using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Workloads.Experiments;

/// <summary>An operating point as a document, with the sections that paths begin with: workload, knobs and system.</summary>
internal sealed record PointDocument
{
    public required Workload Workload { get; init; }

    public Knobs Knobs { get; init; } = new();

    public required ServingSystem System { get; init; }

    /// <summary>The names of the sections of a point; every path begins with one of them.</summary>
    internal static IReadOnlyList<string> Sections { get; } =
        [.. DocumentContract.Options.GetTypeInfo(typeof(PointDocument)).Properties.Select(property => property.Name)];

    /// <summary>Description of the allowed paths, for messages.</summary>
    internal static string AllowedPaths { get; } =
        $"a path that begins with {string.Join(", ", Sections.Select(section => section + "."))}";

    /// <summary>Whether a path is another one, or lies inside the value that the other one sets.</summary>
    internal static bool IsWithin(string path, string other) =>
        path == other || path.StartsWith($"{other}.", StringComparison.Ordinal);

    /// <summary>Whether a dotted path begins with a section and names something in it.</summary>
    internal static bool IsPath(string path)
    {
        string[] names = path.Split('.');
        return names.Length > 1 && Sections.Contains(names[0]) && names.All(name => name.Length > 0);
    }
}
