namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A row of servers, or the whole cluster, over a sampling interval of a run.</summary>
/// <param name="Seconds">End of the interval, in seconds from the start of the run.</param>
/// <param name="Scope">Name of the row, or <see cref="ClusterMonitor.ClusterScope"/>.</param>
/// <param name="GpuWatts">Mean power of the accelerators over the interval, in watts.</param>
/// <param name="HostWatts">Mean power of the servers besides their accelerators, in watts; <c>null</c> where it is not stated.</param>
/// <param name="BudgetWatts">Power budget at the end of the interval, in watts; <c>null</c> for none.</param>
/// <param name="ClockMegahertz">Mean set clock over the accelerators of its instances, in megahertz; <c>null</c> without instances.</param>
/// <param name="GpusOn">Number of accelerators whose instance has its weights or loads them.</param>
/// <param name="Instances">Number of instances that serve, including those that finish their requests before a change.</param>
/// <param name="GpusPerInstance">Mean number of accelerators of these instances; <c>null</c> without instances.</param>
/// <param name="GpuCelsius">Temperature of the hottest accelerator, in degrees Celsius; <c>null</c> without a thermal model.</param>
/// <param name="InletCelsius">Highest temperature at an inlet, in degrees Celsius; <c>null</c> without a thermal model.</param>
/// <param name="HeldRequests">Number of requests that no instance has; <c>null</c> for a row.</param>
public readonly record struct ClusterSample(
    double Seconds,
    string Scope,
    double GpuWatts,
    double? HostWatts,
    double? BudgetWatts,
    double? ClockMegahertz,
    int GpusOn,
    int Instances,
    double? GpusPerInstance,
    double? GpuCelsius,
    double? InletCelsius,
    int? HeldRequests);
