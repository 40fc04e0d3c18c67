namespace GreenServe.Running.Machine;

/// <summary>Which baselines, the power without load, are measured before a run.</summary>
public enum BaselineChoice
{
    /// <summary>No baseline is measured. Dynamic energy is then not measured either.</summary>
    None,

    /// <summary>The loaded-idle baseline: the power with the weights in memory and no requests.</summary>
    Loaded,

    /// <summary>
    /// The loaded-idle baseline and the idle baseline, the power of the cool, empty GPUs before the server starts.
    /// </summary>
    All,
}
