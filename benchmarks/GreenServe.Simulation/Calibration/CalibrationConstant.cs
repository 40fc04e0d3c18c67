namespace GreenServe.Simulation.Calibration;

/// <summary>A constant of the simulator that measured runs can tell.</summary>
public enum CalibrationConstant
{
    /// <summary>Share of the peak that large matrix products reach.</summary>
    ComputeEfficiency,

    /// <summary>Share of the bandwidth that products of few rows reach.</summary>
    MemoryEfficiency,

    /// <summary>Share of the bandwidth that attention over cached tokens reaches.</summary>
    DecodeAttentionEfficiency,

    /// <summary>Share of the peak that attention over a prompt reaches.</summary>
    PrefillAttentionEfficiency,

    /// <summary>Launches and small kernels of each layer (s); apart from the next only by models with different numbers of layers.</summary>
    LayerSeconds,

    /// <summary>Host work of each step (s).</summary>
    StepSeconds,

    /// <summary>Host work of each sequence in a step (s).</summary>
    SequenceSeconds,

    /// <summary>Host work of each layer beside the accelerator (s); fitted only where the profile has some.</summary>
    OverlappedLayerSeconds,

    /// <summary>Attention over one cached token in one layer, whatever the batch (s); fitted only where the profile has some.</summary>
    AttentionTokenSeconds,

    /// <summary>Time of a request outside the engine before its first token (s).</summary>
    FrontEndSeconds,

    /// <summary>Power with no process on the accelerator (W).</summary>
    IdleWatts,

    /// <summary>Power added by holding the clock (W).</summary>
    ClockedWatts,

    /// <summary>Power added at full bandwidth (W).</summary>
    MemoryWatts,

    /// <summary>Share of it that reading weights saves for products of one row.</summary>
    OneRowDiscount,

    /// <summary>Power of reading keys and values for attention, relative to reading weights.</summary>
    ContextReadRatio,

    /// <summary>Power added at the full rate of the tensor units (W).</summary>
    ComputeWatts,
}
