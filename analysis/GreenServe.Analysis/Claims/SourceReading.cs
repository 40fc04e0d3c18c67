namespace GreenServe.Analysis.Claims;

/// <summary>How the source of a claim is known.</summary>
public enum SourceReading
{
    /// <summary>The primary text, code or data was read.</summary>
    Read,

    /// <summary>A third party who read it reports it.</summary>
    SecondHand,

    /// <summary>Computed from the source's public data.</summary>
    Computed,

    /// <summary>Remembered, not verified.</summary>
    Recalled,
}
