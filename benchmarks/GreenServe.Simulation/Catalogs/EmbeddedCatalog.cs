using System.Collections.Concurrent;
using System.Reflection;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Catalogs;

/// <summary>
/// YAML documents that are embedded in this assembly and found by name or alias. Any other document is read from its path.
/// </summary>
/// <param name="folder">Folder of the documents, for example <c>gpus</c>.</param>
/// <param name="what">What a document describes, for error messages.</param>
/// <param name="namesOf">All names of a document. The first is its own, which its file has too, and the others are aliases.</param>
internal sealed class EmbeddedCatalog<T>(string folder, string what, Func<T, IEnumerable<string>> namesOf)
    where T : class
{
    private const string Ending = ".yaml";

    private static readonly Assembly Home = typeof(EmbeddedCatalog<T>).Assembly;

    private readonly ConcurrentDictionary<string, T> entries = new();

    /// <summary>The name of every entry, in ordinal order of the names of their files. No document is read for it.</summary>
    internal IReadOnlyList<string> Names => field ??= [.. Home.GetManifestResourceNames()
        .Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(file => file[(folder.Length + 1)..^Ending.Length])];

    /// <summary>Every entry, in ordinal order of the names of their files.</summary>
    internal IReadOnlyList<T> All => field ??= [.. Names.Select(Entry)];

    /// <summary>Finds an entry by its name in any case, or reads the document at a path.</summary>
    /// <exception cref="InvalidInputException">There is no such entry, or the document is not valid.</exception>
    internal T Find(string nameOrPath)
    {
        T? entry = TryFind(nameOrPath);
        if (entry is not null)
        {
            return entry;
        }

        if (nameOrPath.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) || nameOrPath.Contains('/', StringComparison.Ordinal))
        {
            return DocumentTree.Read(nameOrPath).Bind<T>();
        }

        string allowed = $"one of {string.Join(", ", Names)}, or the path of a {Ending} file";
        throw new InvalidInputException(new Problem(what, $"'{nameOrPath}'", allowed));
    }

    /// <summary>Finds an entry by its name or an alias, in any case; <c>null</c> if there is none.</summary>
    internal T? TryFind(string name)
    {
        string? own = Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

        // Only an alias needs the other documents.
        return own is not null
            ? Entry(own)
            : All.FirstOrDefault(entry => namesOf(entry).Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    private T Entry(string name) => entries.GetOrAdd(name, Read);

    private T Read(string name)
    {
        string file = $"{folder}/{name}{Ending}";
        using StreamReader reader = new(Home.GetManifestResourceStream(file)!);
        return DocumentTree.Parse(reader.ReadToEnd(), file).Bind<T>();
    }
}
