using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads;

/// <summary>
/// Opens SLO profiles: those that come with the program (folder <c>workloads/slos</c>) by name, and files by path.
/// </summary>
public static class SloCatalog
{
    internal static DocumentCatalog Documents { get; } = new("slos", ".yaml", "slo");

    /// <summary>Names of the built-in profiles, sorted.</summary>
    public static IReadOnlyList<string> Names => Documents.Names;

    /// <summary>Reads a profile by name or path.</summary>
    /// <param name="nameOrPath">A built-in name; or a path, which holds a folder separator or ends in <c>.yaml</c>.</param>
    /// <param name="folder">Folder that relative paths start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">
    /// There is no such profile, or its file has problems; the exception holds all of them.
    /// </exception>
    public static SloProfile Read(string nameOrPath, string? folder = null) => Documents.Open(nameOrPath, folder).Tree.Bind<SloProfile>();
}
