using System.ComponentModel.DataAnnotations;

namespace GreenServe.Metering.IdlePower;

/// <summary>How long a baseline waits and measures, and when power counts as settled.</summary>
/// <remarks>Power has settled when its drift and the drift of the temperature over the settling time are within their limits.</remarks>
public sealed record BaselineOptions
{
    /// <summary>The length of the measurement in seconds.</summary>
    /// <value>A number in [0.2, 3600]. The default is 10.</value>
    [Range(0.2, 3600)]
    public double MeasureSeconds { get; init; } = 10;

    /// <summary>The longest wait in seconds until power has settled. The measurement then begins, settled or not.</summary>
    /// <value>A number in [0, 3600]. The default is 300.</value>
    [Range(0, 3600)]
    public double LongestWaitSeconds { get; init; } = 300;

    /// <summary>The settling time in seconds: power and temperature must hold still for this long.</summary>
    /// <value>A number in [0.1, 600]. The default is 20.</value>
    [Range(0.1, 600)]
    public double SettlingSeconds { get; init; } = 20;

    /// <summary>The largest drift of power over the settling time (W) that counts as still.</summary>
    /// <value>A number of zero or more. The default is 1. Where <see cref="SettledRatio"/> allows more, that limit holds.</value>
    public double SettledWatts { get; init; } = 1;

    /// <summary>The largest drift of power over the settling time that counts as still, as a share of the power.</summary>
    /// <value>A number of zero or more. The default is 0.01. Where <see cref="SettledWatts"/> allows more, that limit holds.</value>
    public double SettledRatio { get; init; } = 0.01;

    /// <summary>The largest drift of the temperature over the settling time (°C) that counts as still.</summary>
    /// <value>A number of zero or more. The default is 1.</value>
    public double SettledCelsius { get; init; } = 1;
}
