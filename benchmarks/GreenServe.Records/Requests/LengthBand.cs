namespace GreenServe.Records.Requests;

/// <summary>Short, medium or long: one letter of a request class.</summary>
public enum LengthBand
{
    /// <summary>Short (S).</summary>
    Short,

    /// <summary>Medium (M).</summary>
    Medium,

    /// <summary>Long (L).</summary>
    Long,
}
