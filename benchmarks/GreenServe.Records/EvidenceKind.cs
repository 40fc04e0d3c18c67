namespace GreenServe.Records;

/// <summary>How a number was obtained. One series never mixes kinds, and every artifact states its kind.</summary>
public enum EvidenceKind
{
    /// <summary>Computed by the simulated engine.</summary>
    Simulated,

    /// <summary>Read from real hardware running a real engine.</summary>
    Measured,
}
