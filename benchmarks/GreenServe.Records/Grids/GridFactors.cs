namespace GreenServe.Records.Grids;

/// <summary>
/// What a kilowatt-hour emits and costs: one number each, of a grid that does not change or of a stretch of time. It has a source and no
/// default.
/// </summary>
public sealed record GridFactors
{
    private const double JoulesPerKilowattHour = 3.6e6;

    /// <summary>Carbon intensity of the grid (gCO2e/kWh).</summary>
    public required double GramsPerKilowattHour { get; init; }

    /// <summary>Source of the carbon intensity.</summary>
    public required string Source { get; init; }

    /// <summary>The day or period that the factors hold for, for example <c>2025</c> or <c>2026-03-01</c>.</summary>
    public required string Date { get; init; }

    /// <summary>Power usage effectiveness: facility energy over IT energy, at least 1; 1 leaves the facility out.</summary>
    public double PowerUsageEffectiveness { get; init; } = 1;

    /// <summary>Price of a kilowatt-hour; <c>null</c> leaves cost out.</summary>
    public double? PricePerKilowattHour { get; init; }

    /// <summary>Currency of the price, for example <c>EUR</c>; <c>null</c> where there is no price.</summary>
    public string? Currency { get; init; }

    /// <summary>Carbon of an energy (gCO2e).</summary>
    public double Grams(double joules) => joules / JoulesPerKilowattHour * PowerUsageEffectiveness * GramsPerKilowattHour;

    /// <summary>Cost of an energy; <c>null</c> without a price.</summary>
    public double? Cost(double joules) => joules / JoulesPerKilowattHour * PowerUsageEffectiveness * PricePerKilowattHour;

    /// <summary>Source and date of the carbon intensity, as tables state them.</summary>
    public string Provenance => $"{Source}, {Date}";
}
