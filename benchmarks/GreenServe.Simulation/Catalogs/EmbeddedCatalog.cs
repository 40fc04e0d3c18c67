using System.Reflection;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Catalogs;

/// <summary>YAML documents that travel inside this assembly, found by name or alias; any other document is found by its path.</summary>
/// <param name="folder">Folder of the documents, for example <c>gpus</c>.</param>
/// <param name="what">What a document describes, for messages.</param>
/// <param name="namesOf">Every name a document answers to; the first is its own.</param>
internal sealed class EmbeddedCatalog<T>(string folder, string what, Func<T, IEnumerable<string>> namesOf)
{
    private readonly Lazy<IReadOnlyList<T>> entries = new(() => ReadAll(folder));

    /// <summary>Every entry, in ordinal order of the file names.</summary>
    internal IReadOnlyList<T> All => entries.Value;

    /// <summary>The entry of a name (case does not matter), or the document at a path.</summary>
    /// <exception cref="InvalidInputException">There is no such entry, or the document is not valid.</exception>
    internal T Find(string nameOrPath)
    {
        T? entry = TryFind(nameOrPath);
        if (entry is not null)
        {
            return entry;
        }

        bool isPath = nameOrPath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || nameOrPath.Contains('/', StringComparison.Ordinal);
        return isPath
            ? DocumentTree.Read(nameOrPath).Bind<T>()
            : throw new InvalidInputException(
                new Problem(what, $"'{nameOrPath}'", $"one of {string.Join(", ", All.Select(known => namesOf(known).First()))}, or the path of a .yaml file"));
    }

    internal T? TryFind(string name) =>
        All.FirstOrDefault(entry => namesOf(entry).Contains(name, StringComparer.OrdinalIgnoreCase));

    private static T[] ReadAll(string folder)
    {
        Assembly assembly = typeof(EmbeddedCatalog<T>).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name))];
    }

    private static T Read(Assembly assembly, string name)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return DocumentTree.Parse(reader.ReadToEnd(), name).Bind<T>();
    }
}
