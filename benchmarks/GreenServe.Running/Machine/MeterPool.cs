using GreenServe.Metering.Discovery;

namespace GreenServe.Running.Machine;

/// <summary>
/// The meters that the points of a runner share. Each selection of meters is discovered once, because what is learned about a meter
/// is valid for the next point.
/// </summary>
/// <param name="asked">The meters that the user asked for; <c>null</c> means that each point chooses.</param>
/// <param name="discover">Finds meters; <c>null</c> for discovery on this machine.</param>
/// <param name="notices">Receives each notice of the discovery; <c>null</c> for nobody.</param>
internal sealed class MeterPool(
    MeterOptions? asked, Func<MeterOptions?, MeterCatalog>? discover = null, IProgress<string>? notices = null) : IDisposable
{
    private readonly Dictionary<(string? Gpus, int? GpuLimit), MeterCatalog> catalogs = [];

    /// <summary>The meters that the user asked for or, if there are none, a standard selection.</summary>
    /// <param name="standard">The standard selection; <c>null</c> for every meter of this machine.</param>
    internal MeterCatalog Of(MeterOptions? standard)
    {
        MeterOptions? options = asked ?? standard;
        (string? Gpus, int? GpuLimit) key = (options?.Gpus, options?.GpuLimit);
        if (!catalogs.TryGetValue(key, out MeterCatalog? catalog))
        {
            catalogs[key] = catalog = (discover ?? MeterCatalog.Discover)(options);
            foreach (string notice in catalog.Notices)
            {
                notices?.Report(notice);
            }
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
