using GreenServe.Records;
using GreenServe.Simulation.Catalogs;

namespace GreenServe.Simulation.Engines;

/// <summary>The engine profiles that come with the suite.</summary>
public static class EngineCatalog
{
    private static readonly EmbeddedCatalog<EngineProfile> Entries = new("engines", "engine", engine => [engine.Name]);

    /// <summary>Every profile, in ordinal order of the file names.</summary>
    public static IReadOnlyList<EngineProfile> All => Entries.All;

    /// <summary>The profile of a name, or the one in the file at a path.</summary>
    /// <exception cref="InvalidInputException">There is no such profile, or its file is not valid.</exception>
    public static EngineProfile Find(string nameOrPath) => Entries.Find(nameOrPath);

    /// <summary>The profile of a name; <c>null</c> if the catalogue holds none.</summary>
    public static EngineProfile? TryFind(string name) => Entries.TryFind(name);
}
