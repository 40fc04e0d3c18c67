using GreenServe.Records;
using GreenServe.Simulation.Catalogs;

namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>The protocols of sources that the suite comes with.</summary>
public static class ProtocolCatalog
{
    private static readonly EmbeddedCatalog<MeasurementProtocol> Entries =
        new("protocols", "protocol", protocol => [protocol.Name]);

    /// <summary>The name of every protocol, in ordinal order of the names of their files.</summary>
    public static IReadOnlyList<string> Names => Entries.Names;

    /// <summary>Every protocol, in ordinal order of the names of their files.</summary>
    public static IReadOnlyList<MeasurementProtocol> All => Entries.All;

    /// <summary>The protocol of points of which no other is known: users who send equal requests out of step.</summary>
    public static MeasurementProtocol General => Find("closed-loop");

    /// <summary>Finds a protocol by its name, or reads it from a file.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.yaml</c> file.</param>
    /// <exception cref="InvalidInputException">There is no such protocol, or its file is not valid.</exception>
    public static MeasurementProtocol Find(string nameOrPath) => Entries.Find(nameOrPath);

    /// <summary>
    /// The protocol that applies to points of a source and a stack: the one with the longest source and stack that match; <c>null</c> if
    /// none matches.
    /// </summary>
    /// <param name="source">Source of the points.</param>
    /// <param name="stack">Engine and version of the points; <c>null</c> where they name none.</param>
    public static MeasurementProtocol? FindFor(string source, string? stack) => All
        .SelectMany(protocol => protocol.AppliesTo, (protocol, scope) => (Protocol: protocol, Scope: scope))
        .Where(entry => entry.Scope.Contains(source, stack))
        .OrderByDescending(entry => entry.Scope.Source is not null)
        .ThenByDescending(entry => entry.Scope.Stack?.Length ?? 0)
        .Select(entry => entry.Protocol with { Engine = entry.Scope.Engine ?? entry.Protocol.Engine })
        .FirstOrDefault();
}
