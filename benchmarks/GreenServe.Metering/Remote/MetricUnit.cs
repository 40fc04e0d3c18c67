namespace GreenServe.Metering.Remote;

/// <summary>A unit of power or energy in which an exporter shows a metric.</summary>
/// <param name="Name">The name of the unit as an option gives it, for example <c>millijoules</c>.</param>
/// <param name="Factor">Watts in one unit of power, or joules in one unit of energy.</param>
/// <param name="IsEnergy">Whether the unit is one of energy, so that the metric is a counter.</param>
public sealed record MetricUnit(string Name, double Factor, bool IsEnergy)
{
    private const double JoulesPerWattHour = 3600;

    /// <summary>Power in watts, the default of exporters.</summary>
    public static MetricUnit Watts { get; } = new("watts", 1, IsEnergy: false);

    /// <summary>Energy in joules, the default of exporters.</summary>
    public static MetricUnit Joules { get; } = new("joules", 1, IsEnergy: true);

    /// <summary>Energy in millijoules, the unit of dcgm-exporter.</summary>
    public static MetricUnit Millijoules { get; } = new("millijoules", 1e-3, IsEnergy: true);

    /// <summary>Every unit that a metric may have.</summary>
    public static IReadOnlyList<MetricUnit> All { get; } =
    [
        Watts,
        new("milliwatts", 1e-3, IsEnergy: false),
        new("microwatts", 1e-6, IsEnergy: false),
        new("kilowatts", 1e3, IsEnergy: false),
        Joules,
        Millijoules,
        new("microjoules", 1e-6, IsEnergy: true),
        new("watt-hours", JoulesPerWattHour, IsEnergy: true),
        new("kilowatt-hours", 1e3 * JoulesPerWattHour, IsEnergy: true),
    ];

    /// <summary>The names of all units with <c>|</c> between them, for messages and help.</summary>
    public static string Names { get; } = string.Join('|', All.Select(unit => unit.Name));

    /// <summary>The unit of a name; <c>null</c> if there is none of that name.</summary>
    public static MetricUnit? Of(string? name) => All.FirstOrDefault(unit => unit.Name == name);

    /// <summary>
    /// The unit that the name of a metric states, for example microwatts for <c>scaph_host_power_microwatts</c>; <c>null</c> if it states
    /// none. Prometheus' naming rules put the unit into the name.
    /// </summary>
    public static MetricUnit? OfMetric(string metric) => metric.Split('_', ':').Select(OfWord).LastOrDefault(unit => unit is not null);

    private static MetricUnit? OfWord(string word) => word.ToUpperInvariant() switch
    {
        "WH" => Of("watt-hours"),
        "KWH" => Of("kilowatt-hours"),
        var text => All.FirstOrDefault(unit => unit.Name.ToUpperInvariant() is var name && (text == name || text + "S" == name)),
    };
}
