using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Energy of one scope over a window, summed over its devices; <c>null</c> as soon as one of them was not measured.</summary>
/// <param name="Scope">What the joules cover.</param>
/// <param name="Readings">The reading chosen for each device: counter first, averaged power second, a model last.</param>
public sealed record ScopeEnergy(MeterScope Scope, IReadOnlyList<EnergyReading> Readings)
{
    /// <summary>Energy of all devices (J); <c>null</c> if not measured.</summary>
    public double? Joules => Sum(reading => reading.Joules);

    /// <summary>Bound on the error at the window's edges (J), the devices' bounds added; <c>null</c> if not measured.</summary>
    public double? EdgeErrorJoules => Sum(reading => reading.EdgeErrorJoules);

    /// <summary>Edge and gain error (J), the devices' bounds added; <c>null</c> if not measured.</summary>
    public double? ErrorJoules => Sum(reading => reading.ErrorJoules);

    /// <summary>Mean power (W); <c>null</c> if not measured.</summary>
    public double? MeanWatts => Joules / (Readings[0].EndSeconds - Readings[0].StartSeconds);

    /// <summary>Whether a part of the energy was estimated by a power model instead of a meter.</summary>
    public bool IsEstimated => Readings.Any(reading => reading.IsEstimated && reading.Joules is not null);

    /// <summary>The reasons why the energy was not measured, device by device; <c>null</c> if it was.</summary>
    public string? NotMeasured => Readings.All(reading => reading.Joules is not null)
        ? null
        : string.Join("; ", Readings.Where(reading => reading.Joules is null)
            .Select(reading => $"{reading.Device ?? reading.Meter}: {reading.NotMeasured}"));

    /// <summary>
    /// Energy per item with its error, such as J per token or J per request; <c>null</c> if not measured or the count is not
    /// positive.
    /// </summary>
    /// <param name="count">Number of items in the window.</param>
    public ErrorBounded? Per(double count) =>
        Joules is { } joules && count > 0 ? new ErrorBounded(joules / count, ErrorJoules!.Value / count) : null;

    private double? Sum(Func<EnergyReading, double?> part)
    {
        double sum = 0;
        foreach (EnergyReading reading in Readings)
        {
            if (part(reading) is not { } value)
            {
                return null;
            }

            sum += value;
        }

        return Readings.Count == 0 ? null : sum;
    }
}
