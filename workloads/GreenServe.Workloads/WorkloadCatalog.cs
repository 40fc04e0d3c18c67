using GreenServe.Records;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads;

/// <summary>The workloads that come with the program (folder <c>workloads/catalog</c>), and files by path.</summary>
public static class WorkloadCatalog
{
    internal static DocumentCatalog Documents { get; } = new("catalog", ".workload.yaml", "workload");

    /// <summary>Names of the built-in workloads, sorted.</summary>
    public static IReadOnlyList<string> Names => Documents.Names;

    /// <summary>Reads a workload by name or path.</summary>
    /// <param name="nameOrPath">A built-in name; or a path, which holds a folder separator or ends in <c>.yaml</c>.</param>
    /// <param name="folder">Folder that relative paths start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">No such workload, or every problem of its file.</exception>
    public static Workload Read(string nameOrPath, string? folder = null) => WorkloadFile.Bind(Documents.Open(nameOrPath, folder));

    /// <summary>The text of a built-in workload's file, to begin an own one from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such name.</exception>
    public static string TextOf(string name) => Documents.TextOf(name);
}
