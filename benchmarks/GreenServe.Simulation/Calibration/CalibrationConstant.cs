namespace GreenServe.Simulation.Calibration;

/// <summary>A constant of the simulator that can be fitted to measured runs.</summary>
public enum CalibrationConstant
{
    /// <summary>Share of the peak that large matrix products reach.</summary>
    ComputeEfficiency,

    /// <summary>Share of the memory bandwidth that products of few rows reach.</summary>
    MemoryEfficiency,

    /// <summary>Share of the memory bandwidth that attention over cached tokens reaches.</summary>
    DecodeAttentionEfficiency,

    /// <summary>Share of the peak that attention over a prompt reaches.</summary>
    PrefillAttentionEfficiency,

    /// <summary>
    /// Time of launches and small kernels of each layer, in seconds. Only models with different numbers of layers separate it from
    /// <see cref="StepSeconds"/>.
    /// </summary>
    LayerSeconds,

    /// <summary>Host work of each step, in seconds.</summary>
    StepSeconds,

    /// <summary>Host work of each sequence in a step, in seconds.</summary>
    SequenceSeconds,

    /// <summary>Host work that a step with prompt tokens has in addition, in seconds. It is fitted only to observables.</summary>
    PromptStepSeconds,

    /// <summary>
    /// Host work that each step has in addition where accelerators share the layers, in seconds. It is fitted only to observables.
    /// </summary>
    TensorParallelStepSeconds,

    /// <summary>
    /// Host work of each sequence for each accelerator beyond the first that shares the layers, in seconds. It is fitted only to
    /// observables.
    /// </summary>
    TensorParallelSequenceSeconds,

    /// <summary>
    /// Host work of each layer beside the accelerator, in seconds. It is fitted only where the profile has a value above 0.
    /// </summary>
    OverlappedLayerSeconds,

    /// <summary>
    /// Host work of each sequence beside the accelerator, in seconds. It is fitted only to observables, and only where the profile has a
    /// value above 0.
    /// </summary>
    OverlappedSequenceSeconds,

    /// <summary>
    /// Host work beside the accelerators of each exchange between them, in seconds. It is fitted only to observables, and only where the
    /// profile has a value above 0.
    /// </summary>
    OverlappedExchangeSeconds,

    /// <summary>
    /// Time of attention over one cached token in one layer, whatever the batch, in seconds. It is fitted only where the profile has a
    /// value above 0.
    /// </summary>
    AttentionTokenSeconds,

    /// <summary>Time that a request spends outside the engine before its first token, in seconds.</summary>
    FrontEndSeconds,

    /// <summary>Power with no process on the accelerator, in watts.</summary>
    IdleWatts,

    /// <summary>Power that holding the clock adds, in watts.</summary>
    ClockedWatts,

    /// <summary>Power that a step adds whatever it does, in watts. It is fitted only to observables.</summary>
    BusyWatts,

    /// <summary>Power that memory adds at its full bandwidth, in watts.</summary>
    MemoryWatts,

    /// <summary>Share of <see cref="MemoryWatts"/> that reading weights saves for products of one row.</summary>
    OneRowDiscount,

    /// <summary>Power of reading keys and values for attention, relative to reading as many bytes of weights.</summary>
    ContextReadRatio,

    /// <summary>Power that the tensor units add at their full rate, in watts.</summary>
    ComputeWatts,
}
