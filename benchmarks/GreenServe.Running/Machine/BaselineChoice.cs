namespace GreenServe.Running.Machine;

/// <summary>Which power without load is measured before a run.</summary>
internal enum BaselineChoice
{
    /// <summary>None: dynamic energy is not measured.</summary>
    None,

    /// <summary>Weights in memory and no requests.</summary>
    Loaded,

    /// <summary>That, and cool with nothing loaded, before the server starts.</summary>
    All,
}
