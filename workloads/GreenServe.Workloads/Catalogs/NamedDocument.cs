using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Catalogs;

/// <summary>A document and the folder its relative paths start from.</summary>
/// <param name="Tree">The document.</param>
/// <param name="Folder">Its folder; <c>null</c> for one built into the program.</param>
internal sealed record NamedDocument(DocumentTree Tree, string? Folder)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is not YAML.</exception>
    internal static NamedDocument FromFile(string path) =>
        new(DocumentTree.Read(path), Path.GetDirectoryName(Path.GetFullPath(path)));
}
