namespace GreenServe.Engine.Runners.Checks;

/// <summary>Groups of checks.</summary>
internal enum CheckPart
{
    /// <summary>Runners against each other and themselves, on a small model.</summary>
    Correctness,

    /// <summary>Steps without a server.</summary>
    Speed,

    /// <summary>The whole server, as clients see it.</summary>
    Serving,
}
