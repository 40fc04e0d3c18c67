using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Simulation.Hardware;

/// <summary>What an accelerator draws and for what (W at the highest clock).</summary>
public sealed record PowerConstants
{
    /// <summary>Power with no process on it (W).</summary>
    [Description("Power with no process on it, in watts.")]
    [Range(0, 10000)]
    public required double IdleWatts { get; init; }

    /// <summary>Added by holding the highest clock with weights loaded and nothing to do (W); falls with clock and voltage.</summary>
    [Description("Watts added by holding the highest clock with nothing to do.")]
    [Range(0, 10000)]
    public required double ClockedWatts { get; init; }

    /// <summary>Added while memory moves at its full nominal bandwidth (W).</summary>
    [Description("Watts added while memory moves at its full nominal bandwidth.")]
    [Range(0, 10000)]
    public required double MemoryWatts { get; init; }

    /// <summary>
    /// Share of <see cref="MemoryWatts"/> that reading weights saves when one row is multiplied with them [0, 1]; half of it is left at 16
    /// rows. Products of one row keep the tensor units idle.
    /// </summary>
    [Description("Share of the memory watts that reading weights saves when one row is multiplied with them; half of it is left at 16 rows.")]
    [Range(0, 1)]
    public double OneRowDiscount { get; init; }

    /// <summary>
    /// What reading keys and values for attention draws, relative to reading as many bytes of weights [0, 10]. Attention of one new token
    /// computes on every byte it reads, and much of it on padding.
    /// </summary>
    [Description("Power of reading keys and values for attention, relative to reading as many bytes of weights.")]
    [Range(0, 10)]
    public double ContextReadRatio { get; init; } = 1;

    /// <summary>Added while the tensor units work at their full nominal rate (W); falls with the voltage squared.</summary>
    [Description("Watts added while the tensor units work at their full nominal rate.")]
    [Range(0, 20000)]
    public required double ComputeWatts { get; init; }

    /// <summary>Added while the accelerator samples tokens (W).</summary>
    [Description("Watts added while the accelerator samples tokens.")]
    [Range(0, 10000)]
    public required double SamplingWatts { get; init; }

    /// <summary>How power falls with the clock.</summary>
    [Description("How power falls with the clock.")]
    public required VoltageCurve Voltage { get; init; }

    /// <summary>The curve of the least saving that published readings allow: the upper end of the uncertainty.</summary>
    [Description("The curve of the least saving that published readings allow.")]
    [JsonPropertyName("voltage_least_saving")]
    public required VoltageCurve VoltageMinSaving { get; init; }

    /// <summary>The curve of the largest saving that published readings allow: the lower end of the uncertainty.</summary>
    [Description("The curve of the largest saving that published readings allow.")]
    [JsonPropertyName("voltage_most_saving")]
    public required VoltageCurve VoltageMaxSaving { get; init; }
}
