using GreenServe.Records.Grids;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A site as policies observe it.</summary>
/// <param name="Name">Name of the site.</param>
/// <param name="Servers">The servers of the site.</param>
/// <param name="Grid">The grid's signal over time.</param>
internal sealed record MonitoredSite(string Name, IReadOnlyList<IServerView> Servers, GridSignal Grid) : ISiteView
{
    /// <summary>Carbon and cost of its energy.</summary>
    internal GridAccount Account { get; } = new(Name, Grid);

    private double sampledAtSeconds;
    private double gpuJoules;

    /// <summary>Enters the energy of the accelerators of one of its servers, in joules.</summary>
    internal void Add(double joules) => gpuJoules += joules;

    /// <summary>The time since the last sample, or since the start of the run, as a sample.</summary>
    /// <param name="seconds">The present time, in seconds from the start of the run.</param>
    internal ClusterSample Sample(double seconds)
    {
        ClusterSample sample = new(ClusterSample.Site(Name), seconds)
        {
            GpuWatts = gpuJoules / (seconds - sampledAtSeconds),
            GramsPerKilowattHour = Grid.At(seconds).GramsPerKilowattHour,
        };
        (sampledAtSeconds, gpuJoules) = (seconds, 0);
        return sample;
    }
}
