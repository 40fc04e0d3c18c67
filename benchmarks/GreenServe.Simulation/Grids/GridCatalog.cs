using System.Reflection;
using GreenServe.Records;
using GreenServe.Records.Grids;

namespace GreenServe.Simulation.Grids;

/// <summary>The days of electric grids that the suite comes with.</summary>
/// <remarks><c>docs/reference/cluster-file.md</c> names them and explains the columns of their files.</remarks>
public static class GridCatalog
{
    private const string Folder = "grids/";

    private static readonly Assembly Home = typeof(GridCatalog).Assembly;

    /// <summary>The names of the days that the suite comes with, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => field ??= [.. Home.GetManifestResourceNames()
        .Where(file => file.StartsWith(Folder, StringComparison.Ordinal))
        .Select(file => file[Folder.Length..^GridFile.Ending.Length])
        .Order(StringComparer.Ordinal)];

    /// <summary>Finds a signal by its name, or reads it from a file.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.csv</c> file.</param>
    /// <exception cref="InvalidInputException">The signal is not known or not valid. The exception lists every problem.</exception>
    public static IReadOnlyList<GridPoint> Find(string nameOrPath)
    {
        if (Names.FirstOrDefault(name => name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            string file = $"{Folder}{known}{GridFile.Ending}";
            using StreamReader reader = new(Home.GetManifestResourceStream(file)!);
            return GridFile.Parse(reader.ReadToEnd(), file).Points;
        }

        return IsPath(nameOrPath)
            ? GridFile.Read(nameOrPath).Points
            : throw new InvalidInputException(new Problem(
                "grid", $"'{nameOrPath}'", $"one of {string.Join(", ", Names)}, or the path of a {GridFile.Ending} file"));
    }

    /// <summary>Whether a text is the path of a file and not a name.</summary>
    internal static bool IsPath(string nameOrPath) =>
        nameOrPath.EndsWith(GridFile.Ending, StringComparison.OrdinalIgnoreCase) || nameOrPath.Contains('/', StringComparison.Ordinal);
}
