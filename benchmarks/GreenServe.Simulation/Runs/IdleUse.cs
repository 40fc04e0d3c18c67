namespace GreenServe.Simulation.Runs;

/// <summary>What energy is used for while an instance does no work for requests.</summary>
internal enum IdleUse
{
    /// <summary>The instance could serve, or has no process, and has nothing to do.</summary>
    Idle,

    /// <summary>The instance starts, moves its weights, wakes up or changes its clock.</summary>
    Transition,

    /// <summary>The instance sleeps: its weights are in the memory of the host.</summary>
    Sleep,
}
