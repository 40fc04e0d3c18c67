using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>
/// Tells which readings of a meter are numbers. A reading that the device cannot produce is no number, exactly as NaN is none.
/// </summary>
/// <remarks>
/// Drivers and exporters hand out such readings: 2³²-1 mW from a driver that lost its sensor, the blank values of DCGM, 3.7e12 W in one
/// scrape. A unit that was mixed up shows in the same way. Readings are judged alike when they are taken and when a record is read.
/// </remarks>
public static class PlausibleReading
{
    /// <summary>Highest power that the device of a meter can draw (W). A reading of power above it is no number.</summary>
    /// <returns>
    /// What the meter's description states; else nothing is too high for a power model, and a meter has the ceiling of its scope.
    /// </returns>
    public static double CeilingWatts(MeterDescription meter) => meter switch
    {
        { CeilingWatts: { } stated } when stated > 0 && double.IsFinite(stated) => stated,
        { IsEstimated: true } => double.PositiveInfinity,
        _ => CeilingWatts(meter.Scope),
    };

    /// <summary>Highest power that one device of a scope is taken to draw (W), where nothing better is known of it.</summary>
    /// <remarks>
    /// The largest devices of 2025 draw 1.4 kW (a board), 2.7 kW (a module), 0.5 kW (a socket) and 20 kW (a server). A rack that is one
    /// machine draws up to 132 kW; its meter must state a ceiling of its own.
    /// </remarks>
    public static double CeilingWatts(MeterScope scope) => scope switch
    {
        MeterScope.Node => 100_000,
        MeterScope.Module or MeterScope.Psys or MeterScope.Rail => 20_000,
        _ => 10_000,
    };

    /// <summary>Why a reading is no number; <c>null</c> if it is one.</summary>
    /// <param name="meter">The meter that gave the reading.</param>
    /// <param name="value">For a counter, the energy since an arbitrary start (J); for a meter of power, the power (W).</param>
    public static string? Refusal(MeterDescription meter, double value)
    {
        if (IsNumber(meter, value))
        {
            return null;
        }

        if (!double.IsFinite(value))
        {
            return Text($"{value} is no number");
        }

        if (value < 0)
        {
            return Text($"{value} {(meter.IsCounter ? "J" : "W")} is negative");
        }

        string source = meter.CeilingWatts is null
            ? $"the most that one device of scope {EnumText.Of(meter.Scope)} is taken to draw"
            : "the most that the device can draw";
        return Text($"{value} W is over {CeilingWatts(meter)} W, {source}");
    }

    /// <summary>
    /// Whether a reading is finite, not negative, and within what the device can have given. The power of a counter shows only between two
    /// readings, where <see cref="EnergyWindow"/> holds it against the ceiling.
    /// </summary>
    /// <param name="meter">The meter that gave the reading.</param>
    /// <param name="value">For a counter, the energy since an arbitrary start (J); for a meter of power, the power (W).</param>
    public static bool IsNumber(MeterDescription meter, double value) =>
        double.IsFinite(value) && value >= 0 && value <= HighestWatts(meter);

    /// <summary>The highest reading of power that is a number (W); infinite for a counter, which counts from an arbitrary start.</summary>
    internal static double HighestWatts(MeterDescription meter) => meter.IsCounter ? double.PositiveInfinity : CeilingWatts(meter);
}
