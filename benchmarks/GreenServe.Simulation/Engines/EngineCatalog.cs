using GreenServe.Records;
using GreenServe.Simulation.Catalogs;

namespace GreenServe.Simulation.Engines;

/// <summary>The engine profiles that the suite comes with.</summary>
public static class EngineCatalog
{
    private static readonly EmbeddedCatalog<EngineProfile> Entries =
        new("engines", "engine", engine => engine.Aliases.Prepend(engine.Name));

    /// <summary>The name of every profile, in ordinal order of the names of their files.</summary>
    public static IReadOnlyList<string> Names => Entries.Names;

    /// <summary>Every profile, in ordinal order of the names of their files.</summary>
    public static IReadOnlyList<EngineProfile> All => Entries.All;

    /// <summary>Finds a profile by its name or an alias, or reads it from a file.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.yaml</c> file.</param>
    /// <exception cref="InvalidInputException">There is no such profile, or its file is not valid.</exception>
    public static EngineProfile Find(string nameOrPath) => Entries.Find(nameOrPath);

    /// <summary>Finds a profile by its name or an alias; <c>null</c> if the catalog has none.</summary>
    /// <param name="name">The name, in any case.</param>
    public static EngineProfile? TryFind(string name) => Entries.TryFind(name);
}
