namespace GreenServe.Analysis.Claims;

/// <summary>What an evidence kind says about a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>The bound holds.</summary>
    Pass,

    /// <summary>The bound does not hold.</summary>
    Fail,

    /// <summary>There was nothing to test it on.</summary>
    NotTested,
}
