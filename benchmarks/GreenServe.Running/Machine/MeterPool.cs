using GreenServe.Metering.Discovery;

namespace GreenServe.Running.Machine;

/// <summary>
/// The meters of a runner's points. Each selection is discovered once, because what is learned about a meter holds for the next point.
/// </summary>
/// <param name="asked">The meters that the user asked for; <c>null</c> leaves the choice to each point.</param>
/// <param name="discover">Finds meters; <c>null</c> for those of this machine.</param>
internal sealed class MeterPool(MeterOptions? asked, Func<MeterOptions?, MeterCatalog>? discover = null) : IDisposable
{
    private readonly Dictionary<(string? Gpus, int? GpuLimit), MeterCatalog> catalogs = [];

    /// <summary>The meters that the user asked for, or else a standard selection.</summary>
    /// <param name="standard">Used where the user asked for none; <c>null</c> for every meter of this machine.</param>
    internal MeterCatalog Of(MeterOptions? standard)
    {
        MeterOptions? options = asked ?? standard;
        (string? Gpus, int? GpuLimit) key = (options?.Gpus, options?.GpuLimit);
        if (!catalogs.TryGetValue(key, out MeterCatalog? catalog))
        {
            catalogs[key] = catalog = (discover ?? MeterCatalog.Discover)(options);
        }

        return catalog;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (MeterCatalog catalog in catalogs.Values)
        {
            catalog.Dispose();
        }
    }
}
