using System.ComponentModel;

namespace GreenServe.Analysis.Claims;

/// <summary>Whether a claim's number went into the simulator. A simulated PASS then proves nothing and is not counted.</summary>
public sealed record CalibrationUse
{
    /// <summary>Whether it was used.</summary>
    [Description("Whether the claim's number, or data of the same experiment, was used to fit the simulator.")]
    public required bool Used { get; init; }

    /// <summary>How, or why not.</summary>
    [Description("How it was used, or why it was not.")]
    public required string Why { get; init; }
}
