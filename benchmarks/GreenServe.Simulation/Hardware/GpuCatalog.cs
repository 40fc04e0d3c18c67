using GreenServe.Records;
using GreenServe.Simulation.Catalogs;

namespace GreenServe.Simulation.Hardware;

/// <summary>The accelerators that the suite comes with.</summary>
public static class GpuCatalog
{
    private static readonly EmbeddedCatalog<GpuDefinition> Entries = new("gpus", "gpu", gpu => gpu.Aliases.Prepend(gpu.Name));

    /// <summary>The name of every accelerator, in ordinal order of the names of their files.</summary>
    public static IReadOnlyList<string> Names => Entries.Names;

    /// <summary>Every accelerator, in ordinal order of the names of their files.</summary>
    public static IReadOnlyList<GpuDefinition> All => Entries.All;

    /// <summary>Finds an accelerator by its name or an alias, or reads it from a file.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.yaml</c> file.</param>
    /// <exception cref="InvalidInputException">There is no such accelerator, or its file is not valid.</exception>
    public static GpuDefinition Find(string nameOrPath) => Entries.Find(nameOrPath);

    /// <summary>Finds an accelerator by its name or an alias; <c>null</c> if the catalog has none.</summary>
    /// <param name="name">The name or alias, in any case.</param>
    public static GpuDefinition? TryFind(string name) => Entries.TryFind(name);
}
