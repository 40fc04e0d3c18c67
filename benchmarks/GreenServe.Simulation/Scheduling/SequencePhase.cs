namespace GreenServe.Simulation.Scheduling;

/// <summary>Where a sequence stands in the scheduler.</summary>
public enum SequencePhase
{
    /// <summary>Not handed to a scheduler yet.</summary>
    New,

    /// <summary>Waits for its first chunk, or for its recomputation after a preemption.</summary>
    Waiting,

    /// <summary>Its prompt is being processed in chunks.</summary>
    Prefilling,

    /// <summary>Gets one token a step.</summary>
    Decoding,

    /// <summary>Has all its tokens, or was taken out.</summary>
    Ended,
}
