using System.Collections.Concurrent;
using System.Reflection;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Catalogs;

/// <summary>Opens documents of one kind: those built into the program by name, and files by path.</summary>
/// <param name="folder">Folder of the built-in documents, as in the repository: <c>catalog</c>, <c>slos</c> or <c>models</c>.</param>
/// <param name="suffix">Ending of the documents' file names.</param>
/// <param name="noun">Word for such a document in messages.</param>
internal sealed class DocumentCatalog(string folder, string suffix, string noun)
{
    private readonly string prefix = $"workloads/{folder}/";
    private readonly ConcurrentDictionary<string, NamedDocument> parsed = new();

    /// <summary>Names of the built-in documents, sorted.</summary>
    internal IReadOnlyList<string> Names => field ??= [.. typeof(DocumentCatalog).Assembly.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(prefix, StringComparison.Ordinal) && resource.EndsWith(suffix, StringComparison.Ordinal))
        .Select(resource => resource[prefix.Length..^suffix.Length])
        .Order(StringComparer.Ordinal)];

    /// <summary>Whether a reference names a file: it contains a folder separator or has the ending of a YAML file.</summary>
    internal static bool IsPath(string reference) =>
        reference.Contains('/') || reference.Contains('\\')
        || reference.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || reference.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens the document of a name or a path.</summary>
    /// <param name="reference">A built-in name, or the path of a file.</param>
    /// <param name="baseFolder">Folder that relative paths start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">There is no such name, or the file cannot be read.</exception>
    internal NamedDocument Open(string reference, string? baseFolder)
    {
        if (IsPath(reference))
        {
            return NamedDocument.FromFile(baseFolder is null ? reference : Path.Combine(baseFolder, reference));
        }

        return Names.Contains(reference)
            ? parsed.GetOrAdd(
                reference, name => new NamedDocument(DocumentTree.Parse(TextOf(name), $"{folder}/{name}{suffix}"), Folder: null))
            : throw new InvalidInputException(
                new Problem(noun, $"'{reference}'", $"one of {string.Join(", ", Names)}, or the path of a file *{suffix}"));
    }

    /// <summary>The text of a built-in document.</summary>
    internal string TextOf(string name)
    {
        Assembly assembly = typeof(DocumentCatalog).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(prefix + name + suffix)
            ?? throw new ArgumentOutOfRangeException(nameof(name), name, "No such built-in document.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>A document and the folder its relative paths start from.</summary>
/// <param name="Tree">The content of the document.</param>
/// <param name="Folder">Folder of the document; <c>null</c> for a built-in one.</param>
internal sealed record NamedDocument(DocumentTree Tree, string? Folder)
{
    /// <summary>Reads a document from a file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is not YAML.</exception>
    internal static NamedDocument FromFile(string path) => new(DocumentTree.Read(path), FolderOf(path));

    /// <summary>Reads a document from the text of a file that need not exist yet.</summary>
    /// <exception cref="InvalidInputException">The text is not YAML.</exception>
    internal static NamedDocument FromText(string text, string path) => new(DocumentTree.Parse(text, path), FolderOf(path));

    private static string? FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path));
}
