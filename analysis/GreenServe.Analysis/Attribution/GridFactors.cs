using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Attribution;

/// <summary>
/// Cost of a kilowatt-hour for the climate and for the operator. It is an input with a source and has no default.
/// </summary>
public sealed record GridFactors : IChecked
{
    private const double JoulesPerKilowattHour = 3.6e6;

    /// <summary>Carbon intensity of the grid (gCO2e/kWh).</summary>
    [Range(0, 5000)]
    public required double GramsPerKilowattHour { get; init; }

    /// <summary>Source of the carbon intensity.</summary>
    public required string Source { get; init; }

    /// <summary>The day or period that the factors hold for, for example <c>2025</c> or <c>2026-03-01</c>.</summary>
    public required string Date { get; init; }

    /// <summary>Power usage effectiveness: facility energy over IT energy; 1 leaves the facility out.</summary>
    [Range(1, 5)]
    public double PowerUsageEffectiveness { get; init; } = 1;

    /// <summary>Price of a kilowatt-hour; <c>null</c> leaves cost out.</summary>
    [Range(0, 100)]
    public double? PricePerKilowattHour { get; init; }

    /// <summary>Currency of the price, for example <c>EUR</c>.</summary>
    public string? Currency { get; init; }

    /// <summary>Carbon of an energy (gCO2e).</summary>
    public double Grams(double joules) => joules / JoulesPerKilowattHour * PowerUsageEffectiveness * GramsPerKilowattHour;

    /// <summary>Cost of an energy; <c>null</c> without a price.</summary>
    public double? Cost(double joules) => joules / JoulesPerKilowattHour * PowerUsageEffectiveness * PricePerKilowattHour;

    /// <summary>Source and date of the carbon intensity, as tables state them.</summary>
    public string Provenance => $"{Source}, {Date}";

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Source.Trim().Length == 0)
        {
            yield return new Problem("$.source", "empty text", "where the intensity comes from");
        }

        if (Date.Trim().Length == 0)
        {
            yield return new Problem("$.date", "empty text", "the day or period it holds for");
        }

        if (PricePerKilowattHour is not null && string.IsNullOrWhiteSpace(Currency))
        {
            yield return new Problem("$.currency", Currency, "the currency of the price, for example EUR");
        }
    }
}
