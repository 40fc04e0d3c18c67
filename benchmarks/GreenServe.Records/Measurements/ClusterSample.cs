namespace GreenServe.Records.Measurements;

/// <summary>
/// The state of a simulated cluster, or of one of its rows or sites, over an interval; one row of <c>cluster.csv</c>. The interval
/// begins at the end of the scope's previous one, the first at 0 s.
/// </summary>
/// <param name="Scope">What it covers: <see cref="Cluster"/>, or the name that <see cref="Row"/> or <see cref="Site"/> gives.</param>
/// <param name="Seconds">End of the interval, in seconds from the start of the run.</param>
public sealed record ClusterSample(string Scope, double Seconds)
{
    /// <summary>The scope of the whole cluster.</summary>
    public const string Cluster = "cluster";

    private const string RowPrefix = "row ";
    private const string SitePrefix = "site ";

    /// <summary>Mean power of the accelerators over the interval, in watts; <c>null</c> where it is not known.</summary>
    public double? GpuWatts { get; init; }

    /// <summary>
    /// Mean power of the rest of the servers over the interval, in watts; <c>null</c> where the cluster file states none.
    /// </summary>
    public double? HostWatts { get; init; }

    /// <summary>
    /// Highest one-second mean of the power of accelerators and hosts together that ended in the interval, in watts; <c>null</c> where it
    /// is not known.
    /// </summary>
    public double? MaxWatts { get; init; }

    /// <summary>Power that a row may draw at the end of the interval, in watts; <c>null</c> without a budget.</summary>
    public double? BudgetWatts { get; init; }

    /// <summary>
    /// Mean clock that is set on the accelerators of instances at the end of the interval, in megahertz; <c>null</c> if none runs.
    /// </summary>
    public double? MeanClockMegahertz { get; init; }

    /// <summary>Number of accelerators that are not switched off at the end of the interval.</summary>
    public int? GpusOn { get; init; }

    /// <summary>Number of instances that serve at the end of the interval.</summary>
    public int? Instances { get; init; }

    /// <summary>Mean tensor parallelism of the instances that serve at the end of the interval; <c>null</c> if none does.</summary>
    public double? MeanTensorParallelismGpus { get; init; }

    /// <summary>
    /// Temperature of the hottest accelerator at the end of the interval, in degrees Celsius; <c>null</c> without a thermal model.
    /// </summary>
    public double? GpuCelsius { get; init; }

    /// <summary>
    /// Temperature of the warmest inlet at the end of the interval, in degrees Celsius; <c>null</c> without a thermal model.
    /// </summary>
    public double? InletCelsius { get; init; }

    /// <summary>Number of unfinished requests at the end of the interval, those without an instance included.</summary>
    public int? Requests { get; init; }

    /// <summary>Number of requests without an instance at the end of the interval.</summary>
    public int? HeldRequests { get; init; }

    /// <summary>
    /// Carbon intensity of a site's grid at the end of the interval, in grams of CO2 equivalent per kilowatt-hour; <c>null</c> where it is
    /// not stated.
    /// </summary>
    public double? GramsPerKilowattHour { get; init; }

    /// <summary>The scope of a row of servers.</summary>
    /// <param name="name">Name of the row.</param>
    public static string Row(string name) => RowPrefix + name;

    /// <summary>The scope of a site.</summary>
    /// <param name="name">Name of the site.</param>
    public static string Site(string name) => SitePrefix + name;
}
