namespace GreenServe.Tests.Fixtures;

/// <summary>Where the repository and its data lie.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>A path inside the repository.</summary>
    internal static string PathOf(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>The files of published operating points, in order of their names.</summary>
    internal static IReadOnlyList<string> PointsFiles { get; } =
        [.. Directory.GetFiles(PathOf("paper-artifacts", "points"), "*.csv").Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Benchmarks.sln above {AppContext.BaseDirectory}.");
    }
}
