namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>Points that a protocol applies to. All parts that are given must hold.</summary>
public sealed record ProtocolScope
{
    /// <summary>Beginning of the points' source; <c>null</c> for any.</summary>
    public string? Source { get; init; }

    /// <summary>Beginning of the points' stack; <c>null</c> for any.</summary>
    public string? Stack { get; init; }

    /// <summary>Name of the engine profile that stands for the stack; <c>null</c> for that of the protocol.</summary>
    public string? Engine { get; init; }

    /// <summary>Whether points of a source and a stack are among them.</summary>
    internal bool Contains(string source, string? stack) =>
        (Source is null || source.StartsWith(Source, StringComparison.OrdinalIgnoreCase))
        && (Stack is null || (stack?.StartsWith(Stack, StringComparison.OrdinalIgnoreCase) ?? false));
}
