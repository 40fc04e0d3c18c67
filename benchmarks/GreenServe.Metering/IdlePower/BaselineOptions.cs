using System.ComponentModel.DataAnnotations;

namespace GreenServe.Metering.IdlePower;

/// <summary>How a baseline is taken.</summary>
public sealed record BaselineOptions
{
    /// <summary>Length of the measurement (s), in [0.2, 3600].</summary>
    [Range(0.2, 3600)]
    public double MeasureSeconds { get; init; } = 10;

    /// <summary>Longest wait until the device has settled (s), in [0, 3600].</summary>
    [Range(0, 3600)]
    public double LongestWaitSeconds { get; init; } = 300;

    /// <summary>Time over which power and temperature must hold still (s), in [0.1, 600].</summary>
    [Range(0.1, 600)]
    public double SettlingSeconds { get; init; } = 20;

    /// <summary>Change of power in that time that is let pass (W).</summary>
    public double SettledWatts { get; init; } = 1;

    /// <summary>Change of power in that time that is let pass, as a share of the power; the larger of the two counts.</summary>
    public double SettledRatio { get; init; } = 0.01;

    /// <summary>Change of temperature in that time that is let pass (°C).</summary>
    public double SettledCelsius { get; init; } = 1;
}
