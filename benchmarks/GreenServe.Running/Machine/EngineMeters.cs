using GreenServe.Metering.Discovery;
using GreenServe.Running.Engines;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Machine;

/// <summary>The meters of a sweep's points, discovered once for the processor and once for each number of GPUs. Owns them.</summary>
/// <param name="discover">Finds the meters of a point.</param>
internal sealed class EngineMeters(Func<OperatingPoint, MeterCatalog> discover) : IDisposable
{
    private readonly Dictionary<(bool IsCpu, int Gpus), MeterCatalog> catalogs = [];

    /// <summary>The meters that see this point and nothing else.</summary>
    internal MeterCatalog Of(OperatingPoint point)
    {
        (bool IsCpu, int Gpus) key = (EngineArguments.IsCpu(point.System), point.Knobs.TensorParallelism);
        if (!catalogs.TryGetValue(key, out MeterCatalog? catalog))
        {
            catalogs[key] = catalog = discover(point);
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
