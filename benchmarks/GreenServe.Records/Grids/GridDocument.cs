using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Documents;

namespace GreenServe.Records.Grids;

/// <summary>
/// The content of a file that states what a kilowatt-hour emits and costs: one number each, or a signal over time in a CSV file.
/// </summary>
public sealed record GridDocument : IChecked
{
    /// <summary>Carbon intensity of the grid at all times (gCO2e/kWh); <c>null</c> where <see cref="Signal"/> states it.</summary>
    [Range(0, 5000)]
    public double? GramsPerKilowattHour { get; init; }

    /// <summary>
    /// Path of a CSV file beside this one, with the columns <c>time</c> or <c>seconds</c>, <c>grams_per_kilowatt_hour</c> and optionally
    /// <c>price_per_kilowatt_hour</c>; <c>null</c> for a grid that does not change.
    /// </summary>
    public string? Signal { get; init; }

    /// <summary>
    /// Time in UTC of 0 s of a signal in seconds, for example <c>2025-03-01T00:00:00Z</c>; <c>null</c> where the signal has times.
    /// </summary>
    public string? Start { get; init; }

    /// <summary>
    /// Time after which the signal repeats (s), for a typical day or week; <c>null</c> for a signal that ends.
    /// </summary>
    [Range(0, 366 * 86_400, MinimumIsExclusive = true)]
    public double? RepeatsEverySeconds { get; init; }

    /// <summary>
    /// Longest time for which a row holds (s). What is not covered by a row is not known. <c>null</c> means that every row holds until the
    /// next, and that the last row says when the signal ends.
    /// </summary>
    [Range(0, 366 * 86_400, MinimumIsExclusive = true)]
    public double? StepSeconds { get; init; }

    /// <summary>Source of the carbon intensity.</summary>
    public required string Source { get; init; }

    /// <summary>The day or period that the numbers hold for, for example <c>2025</c> or <c>2026-03-01</c>.</summary>
    public required string Date { get; init; }

    /// <summary>Power usage effectiveness: facility energy over IT energy; 1 leaves the facility out.</summary>
    [Range(1, 5)]
    public double PowerUsageEffectiveness { get; init; } = 1;

    /// <summary>Price of a kilowatt-hour at all times; <c>null</c> leaves cost out, or leaves it to the signal.</summary>
    [Range(0, 100)]
    public double? PricePerKilowattHour { get; init; }

    /// <summary>Currency of the prices, for example <c>EUR</c>.</summary>
    public string? Currency { get; init; }

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

        if (GramsPerKilowattHour is null == Signal is null)
        {
            yield return new Problem(
                "$.grams_per_kilowatt_hour", Signal is null ? null : "also a signal", "either it or a signal (the path of a CSV file)");
        }

        if (Start is { } start && UtcTime.Parse(start) is null)
        {
            yield return new Problem("$.start", start, UtcTime.Allowed);
        }

        foreach ((string place, object? value) in SignalOnly.Where(pair => Signal is null && pair.Value is not null))
        {
            yield return new Problem(place, value, "nothing: it belongs to a signal");
        }

        if (Signal is not null && PricePerKilowattHour is not null)
        {
            yield return new Problem("$.price_per_kilowatt_hour", PricePerKilowattHour, "prices in the signal, as a column of that name");
        }
    }

    private IEnumerable<(string Place, object? Value)> SignalOnly =>
        [("$.start", Start), ("$.repeats_every_seconds", RepeatsEverySeconds), ("$.step_seconds", StepSeconds)];
}
