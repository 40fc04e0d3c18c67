namespace GreenServe.Simulation.Clusters;

/// <summary>Which part of a request an instance serves.</summary>
public enum ReplicaRole
{
    /// <summary>Whole requests.</summary>
    Whole,

    /// <summary>Prompts: after its first token a request moves on.</summary>
    Prefill,

    /// <summary>What follows the first token.</summary>
    Decode,
}
