using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Attribution;

/// <summary>The attributed energy of one run.</summary>
public sealed class RunAttribution
{
    internal RunAttribution(string name, string folder, IReadOnlyList<ResultTable> tables, RequestAttribution? requests) =>
        (Name, Folder, Tables, Requests) = (name, folder, tables, requests);

    /// <summary>Name of the run.</summary>
    public string Name { get; }

    /// <summary>Folder of its record.</summary>
    public string Folder { get; }

    /// <summary>Time of day at which it began; <c>null</c> in virtual time.</summary>
    public DateTimeOffset? StartedAt { get; internal init; }

    /// <summary>The tables <c>attribution-parts</c>, <c>-classes</c> and <c>-devices</c>.</summary>
    public IReadOnlyList<ResultTable> Tables { get; }

    /// <summary>The energy of its requests; <c>null</c> where the energy of the whole run was not measured.</summary>
    internal RequestAttribution? Requests { get; }
}
