namespace GreenServe.Engine.Runners.Hosting;

/// <summary>Exit codes, the same as those of the command in front.</summary>
internal static class ProcessExit
{
    /// <summary>All is well.</summary>
    internal const int Success = 0;

    /// <summary>A check failed.</summary>
    internal const int Failed = 1;

    /// <summary>The input cannot be used.</summary>
    internal const int BadInput = 2;

    /// <summary>This machine cannot do that.</summary>
    internal const int Unavailable = 3;
}
