using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Slos;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads;

/// <summary>
/// Opens SLO profiles: those that come with the program (folder <c>workloads/slos</c>) by name, files by path, and limits that are written
/// in one line.
/// </summary>
public static class SloCatalog
{
    internal static DocumentCatalog Documents { get; } = new("slos", ".yaml", "slo");

    /// <summary>Names of the built-in profiles, sorted.</summary>
    public static IReadOnlyList<string> Names => Documents.Names;

    /// <summary>Reads a profile.</summary>
    /// <param name="reference">
    /// A built-in name. Or a path, which holds a folder separator or ends in <c>.yaml</c>. Or limits in one line, for example
    /// <c>ttft_p99=400ms,tbt_p99=100ms</c>.
    /// </param>
    /// <param name="folder">Folder that relative paths start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">
    /// There is no such profile, or its file or text has problems; the exception holds all of them.
    /// </exception>
    public static SloProfile Read(string reference, string? folder = null) => Open(reference, folder).Bind<SloProfile>();

    /// <summary>Opens the document of a profile.</summary>
    internal static DocumentTree Open(string reference, string? folder) => SloText.IsInline(reference)
        ? DocumentTree.Of(DocumentContract.ToNode(SloText.Parse(reference)))
        : Documents.Open(reference, folder).Tree;
}
