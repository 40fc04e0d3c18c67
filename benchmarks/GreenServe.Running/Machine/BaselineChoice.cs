namespace GreenServe.Running.Machine;

/// <summary>Which power without load is measured before a run.</summary>
public enum BaselineChoice
{
    /// <summary>No baseline. Dynamic energy is then not measured.</summary>
    None,

    /// <summary>The power with the weights in memory and no requests.</summary>
    Loaded,

    /// <summary>The loaded baseline, and the power of the cool, empty GPUs before the server starts.</summary>
    All,
}
