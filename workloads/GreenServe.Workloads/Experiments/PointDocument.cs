using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Workloads.Experiments;

    /// <summary>The workload of the point.</summary>
internal sealed record PointDocument
{
    public required Workload Workload { get; init; }

    public Knobs Knobs { get; init; } = new();

    public required ServingSystem System { get; init; }

    /// <summary>The sections of a point, which every path begins with.</summary>
    internal static IReadOnlyList<string> Sections { get; } =
        [.. DocumentContract.Options.GetTypeInfo(typeof(PointDocument)).Properties.Select(property => property.Name)];

    /// <summary>Words for what a path may be.</summary>
    internal static string AllowedPaths { get; } =
        $"a path that begins with {string.Join(", ", Sections.Select(section => section + "."))}";

    /// <summary>Whether a dotted path begins with one of the sections and goes on.</summary>
    internal static bool IsPath(string path)
    {
        string[] names = path.Split('.');
        return names.Length > 1 && Sections.Contains(names[0]) && names.All(name => name.Length > 0);
    }
}
