namespace GreenServe.Tests.Fixtures;

/// <summary>Where the repository lies, and the optional folder of public data beside it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>A path inside the repository.</summary>
    internal static string PathOf(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>A path in the folder of public data beside the repository; skips the test, with a reason, where it is not there.</summary>
    internal static string RequireSharedData(params string[] names)
    {
        string path = Path.GetFullPath(Path.Combine([Root, "..", "shared", "data", .. names]));
        Skip.IfNot(Path.Exists(path), $"needs the public data set {string.Join('/', names)}, which is not part of the repository");
        return path;
    }

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
