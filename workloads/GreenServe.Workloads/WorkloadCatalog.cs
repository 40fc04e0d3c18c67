using GreenServe.Records;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads;

/// <summary>
/// Opens workloads: those that come with the program (folder <c>workloads/catalog</c>) by name, and files by path.
/// </summary>
public static class WorkloadCatalog
{
    internal static DocumentCatalog Documents { get; } = new("catalog", ".workload.yaml", "workload");

    /// <summary>Names of the built-in workloads, sorted.</summary>
    public static IReadOnlyList<string> Names => Documents.Names;

    /// <summary>Reads a workload by name or path.</summary>
    /// <param name="nameOrPath">A built-in name; or a path, which holds a folder separator or ends in <c>.yaml</c>.</param>
    /// <param name="folder">Folder that relative paths start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">
    /// There is no such workload, or its file has problems; the exception holds all of them.
    /// </exception>
    public static Workload Read(string nameOrPath, string? folder = null) => WorkloadFile.Bind(Documents.Open(nameOrPath, folder));

    /// <summary>The text of a built-in workload's file, from which users can make a workload of their own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no built-in workload of that name.</exception>
    public static string TextOf(string name) => Documents.TextOf(name);
}
