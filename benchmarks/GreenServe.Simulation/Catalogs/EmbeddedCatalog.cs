using System.Reflection;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Catalogs;

/// <summary>
/// YAML documents that are embedded in this assembly and found by name or alias. Any other document is read from its path.
/// </summary>
/// <param name="folder">Folder of the documents, for example <c>gpus</c>.</param>
/// <param name="what">What a document describes, for error messages.</param>
/// <param name="namesOf">All names of a document. The first is its own and the others are aliases.</param>
internal sealed class EmbeddedCatalog<T>(string folder, string what, Func<T, IEnumerable<string>> namesOf)
{
    private readonly Lazy<IReadOnlyList<T>> entries = new(() => ReadAll(folder));

    /// <summary>Every entry, in ordinal order of the names of their files.</summary>
    internal IReadOnlyList<T> All => entries.Value;

    /// <summary>Finds an entry by its name in any case, or reads the document at a path.</summary>
    /// <exception cref="InvalidInputException">There is no such entry, or the document is not valid.</exception>
    internal T Find(string nameOrPath)
    {
        T? entry = TryFind(nameOrPath);
        if (entry is not null)
        {
            return entry;
        }

        if (nameOrPath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || nameOrPath.Contains('/', StringComparison.Ordinal))
        {
            return DocumentTree.Read(nameOrPath).Bind<T>();
        }

        string names = string.Join(", ", All.Select(known => namesOf(known).First()));
        throw new InvalidInputException(new Problem(what, $"'{nameOrPath}'", $"one of {names}, or the path of a .yaml file"));
    }

    /// <summary>Finds an entry by its name in any case; <c>null</c> if there is none.</summary>
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
