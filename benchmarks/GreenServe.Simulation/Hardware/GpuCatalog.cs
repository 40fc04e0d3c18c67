using GreenServe.Records;
using GreenServe.Simulation.Catalogs;

namespace GreenServe.Simulation.Hardware;

/// <summary>The accelerators that come with the suite.</summary>
public static class GpuCatalog
{
    private static readonly EmbeddedCatalog<GpuDefinition> Entries = new("gpus", "gpu", gpu => gpu.Aliases.Prepend(gpu.Name));

    /// <summary>Every accelerator, in ordinal order of the file names.</summary>
    public static IReadOnlyList<GpuDefinition> All => Entries.All;

    /// <summary>The accelerator of a name or alias, or the one described in the file at a path.</summary>
    /// <exception cref="InvalidInputException">There is no such accelerator, or its file is not valid.</exception>
    public static GpuDefinition Find(string nameOrPath) => Entries.Find(nameOrPath);

    /// <summary>The accelerator of a name or alias; <c>null</c> if the catalogue holds none.</summary>
    public static GpuDefinition? TryFind(string name) => Entries.TryFind(name);
}
