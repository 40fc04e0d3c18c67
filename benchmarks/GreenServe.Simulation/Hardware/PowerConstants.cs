using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

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

    /// <summary>Share of <see cref="MemoryWatts"/> that falls with the core voltage squared [0, 1].</summary>
    [Description("Share of the memory watts that falls with the core voltage squared.")]
    [Range(0, 1)]
    public required double MemoryVoltageShare { get; init; }

    /// <summary>Added while the tensor units work at their full nominal rate (W); falls with the voltage squared.</summary>
    [Description("Watts added while the tensor units work at their full nominal rate.")]
    [Range(0, 20000)]
    public required double ComputeWatts { get; init; }

    /// <summary>Added while the accelerator samples tokens (W).</summary>
    [Description("Watts added while the accelerator samples tokens.")]
    [Range(0, 10000)]
    public required double SamplingWatts { get; init; }

    /// <summary>Voltage against clock.</summary>
    [Description("Voltage against clock.")]
    public required VoltageCurve Voltage { get; init; }
}
