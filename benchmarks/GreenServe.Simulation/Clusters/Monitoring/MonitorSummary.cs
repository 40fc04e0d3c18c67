namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Power, temperature, carbon and cost of a simulated cluster over a run.</summary>
public sealed record MonitorSummary
{
    /// <summary>Power of the whole cluster.</summary>
    public required ScopePower Cluster { get; init; }

    /// <summary>Power of each row, in the order of their names.</summary>
    public required IReadOnlyList<ScopePower> Rows { get; init; }

    /// <summary>Carbon and cost of each site, in the order of their names.</summary>
    public required IReadOnlyList<SiteTotals> Sites { get; init; }

    /// <summary>Temperatures; <c>null</c> where the cluster has no thermal model.</summary>
    public ThermalTotals? Thermal { get; init; }
}

/// <summary>Energy and power of a row or of the whole cluster. Power is the mean over each whole second of the run.</summary>
/// <param name="Name">Name of the row, or <see cref="Records.Measurements.ClusterSample.Cluster"/>.</param>
/// <param name="GpuJoules">Energy of its accelerators, in joules.</param>
/// <param name="HostJoules">
/// Energy of its servers besides their accelerators, in joules; <c>null</c> where the cluster file states no host watts.
/// </param>
/// <param name="OpaqueJoules">Energy of servers of others in the row, in joules; <c>null</c> where there are none.</param>
/// <param name="PeakWatts">
/// Largest one-second mean of accelerators, hosts and servers of others together, in watts; <c>null</c> for a shorter run.
/// </param>
/// <param name="P99Watts">99th percentile of the one-second means, in watts; <c>null</c> for a shorter run.</param>
/// <param name="OverBudget">What exceeded its budget; <c>null</c> where it has no budget.</param>
public sealed record ScopePower(
    string Name,
    double GpuJoules,
    double? HostJoules,
    double? OpaqueJoules,
    double? PeakWatts,
    double? P99Watts,
    OverBudget? OverBudget)
{
    /// <summary>
    /// Largest ratio of a one-second mean to the budget that held in that second; <c>null</c> where there is no budget, or for a shorter
    /// run.
    /// </summary>
    public double? PeakBudgetRatio { get; init; }
}

/// <summary>How far and how long a power budget was exceeded. A second counts against the budget that held when it began.</summary>
/// <param name="Seconds">Time over the budget, in seconds.</param>
/// <param name="Joules">Energy above the budget, in joules.</param>
/// <param name="Times">Number of times that the budget was exceeded, each however long.</param>
/// <param name="LongestSeconds">Longest uninterrupted time over the budget, in seconds.</param>
public sealed record OverBudget(double Seconds, double Joules, int Times, double LongestSeconds);

/// <summary>Energy of the servers of a site, and what the signal of its grid makes of it.</summary>
/// <param name="Name">Name of the site.</param>
/// <param name="Joules">Energy of accelerators and hosts, in joules.</param>
/// <param name="CarbonGrams">Emissions, in grams of CO2 equivalent; <c>null</c> where the signal has no carbon intensity.</param>
/// <param name="Cost">Cost, in the currency of the signal; <c>null</c> where the signal has no price.</param>
public sealed record SiteTotals(string Name, double Joules, double? CarbonGrams, double? Cost);

/// <summary>Temperatures of a run, read at every whole second.</summary>
/// <param name="MaxGpuCelsius">Highest temperature of an accelerator, in degrees Celsius.</param>
/// <param name="MaxInletCelsius">Highest temperature at an inlet, in degrees Celsius.</param>
/// <param name="ThrottledSeconds">
/// Time for which a server had an accelerator at the throttling temperature, summed over servers, in seconds.
/// </param>
/// <param name="ThrottledTimes">Number of times that a server came to have such an accelerator.</param>
/// <param name="AirShortSeconds">Time for which an aisle's servers needed more air than there was, summed over aisles, in seconds.</param>
public sealed record ThermalTotals(
    double MaxGpuCelsius, double MaxInletCelsius, double ThrottledSeconds, int ThrottledTimes, double AirShortSeconds);
