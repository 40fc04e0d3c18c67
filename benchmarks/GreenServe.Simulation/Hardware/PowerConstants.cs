using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Simulation.Hardware;

/// <summary>Power that an accelerator draws for each purpose at its highest clock, and how that power falls with the clock.</summary>
public sealed record PowerConstants
{
    /// <summary>Power with no process on the accelerator, in watts, from 0 to 10000.</summary>
    [Range(0, 10000)]
    public required double IdleWatts { get; init; }

    /// <summary>
    /// Power that holding the highest clock adds with weights loaded and nothing to do, in watts, from 0 to 10000. It falls with clock and
    /// voltage.
    /// </summary>
    [Range(0, 10000)]
    public required double ClockedWatts { get; init; }

    /// <summary>
    /// Power that an accelerator adds while it works on a step, whatever the step does, in watts, from 0 to 10000. Parts whose clock stands
    /// still without work draw it. It falls with clock and voltage as <see cref="ClockedWatts"/> does.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 10000)]
    public double BusyWatts { get; init; }

    /// <summary>Power that memory adds at its full nominal bandwidth, in watts, from 0 to 10000.</summary>
    [Range(0, 10000)]
    public required double MemoryWatts { get; init; }

    /// <summary>
    /// Share of <see cref="MemoryWatts"/>, from 0 to 1, that reading weights saves when one row is multiplied with them. Half of it remains
    /// at 16 rows. Products of one row keep the tensor units idle.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    [JsonPropertyName("one_row_discount")]
    public double OneRowDiscountRatio { get; init; }

    /// <summary>
    /// Power of reading keys and values for attention, relative to reading as many bytes of weights, from 0 to 10. Attention of a new token
    /// computes on every byte that it reads, and much of it on padding.
    /// </summary>
    /// <value>Default 1.</value>
    [Range(0, 10)]
    public double ContextReadRatio { get; init; } = 1;

    /// <summary>
    /// Power that the tensor units add at their full nominal rate, in watts, from 0 to 20000. It falls with the square of the voltage.
    /// </summary>
    [Range(0, 20000)]
    public required double ComputeWatts { get; init; }

    /// <summary>Power that sampling tokens adds, in watts, from 0 to 10000.</summary>
    [Range(0, 10000)]
    public required double SamplingWatts { get; init; }

    /// <summary>How power falls with the clock.</summary>
    public required VoltageCurve Voltage { get; init; }

    /// <summary>The curve of the smallest saving that published readings allow, which gives the upper end of the uncertainty.</summary>
    [JsonPropertyName("voltage_least_saving")]
    public required VoltageCurve VoltageMinSaving { get; init; }

    /// <summary>The curve of the largest saving that published readings allow, which gives the lower end of the uncertainty.</summary>
    [JsonPropertyName("voltage_most_saving")]
    public required VoltageCurve VoltageMaxSaving { get; init; }
}
