using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Constants of the thermal model. They stand in for the regressions of a real building and are inferred, not measured.</summary>
public sealed record ThermalEntry
{
    /// <summary>Temperature of the air that reaches the inlets while there is enough of it, in degrees Celsius, from -20 to 60.</summary>
    /// <value>Default 25, within the 18 to 27 that ASHRAE recommends.</value>
    [Range(-20, 60)]
    public double InletCelsius { get; init; } = 25;

    /// <summary>Rise of an accelerator over its inlet for each watt that it draws, in degrees Celsius per watt, from 0 to 1.</summary>
    /// <value>Default 0.10 (inferred).</value>
    [Range(0, 1)]
    public double CelsiusPerWatt { get; init; } = 0.10;

    /// <summary>Time constant with which an accelerator follows its power, in seconds, from 0 to 3600.</summary>
    /// <value>Default 60 (inferred).</value>
    [Range(0, 3600)]
    public double LagSeconds { get; init; } = 60;

    /// <summary>Temperature from which an accelerator counts as throttled, in degrees Celsius, from 0 to 150.</summary>
    /// <value>Default 85 (inferred).</value>
    [Range(0, 150)]
    public double ThrottleCelsius { get; init; } = 85;

    /// <summary>
    /// Rise of the air on its way through a server, in degrees Celsius, from 0 to 60. Servers that need more air than there is take their
    /// own exhaust in, and their inlets become warmer by this rise for each part of the air that is missing.
    /// </summary>
    /// <value>Default 15 (inferred).</value>
    [Range(0, 60)]
    public double AirRiseCelsius { get; init; } = 15;

    /// <summary>The aisles by name.</summary>
    /// <value>Default: none, so that there is air without limit.</value>
    public IReadOnlyDictionary<string, AisleEntry> Aisles { get; init; } = new Dictionary<string, AisleEntry>();
}

/// <summary>An aisle from which rows take their air.</summary>
public sealed record AisleEntry
{
    /// <summary>Power of servers whose heat the air of the aisle carries away without a warmer inlet, in watts, in (0, 1e9].</summary>
    [Range(0, 1e9, MinimumIsExclusive = true)]
    public required double CooledWatts { get; init; }
}
