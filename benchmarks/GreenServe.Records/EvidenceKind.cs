namespace GreenServe.Records;

/// <summary>Where a number comes from. Never mixed in one series, always printed on the artifact.</summary>
public enum EvidenceKind
{
    /// <summary>Computed by the simulated engine.</summary>
    Simulated,

    /// <summary>Read from real hardware running a real engine.</summary>
    Measured,
}
