namespace GreenServe.Cli.Terminal;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    internal const int Success = 0;

    /// <summary>A regression, or a check that failed.</summary>
    internal const int Failed = 1;

    /// <summary>The input cannot be used.</summary>
    internal const int BadInput = 2;

    /// <summary>This machine cannot do that.</summary>
    internal const int Unavailable = 3;

    /// <summary>The run took place but is INVALID.</summary>
    internal const int InvalidRun = 4;

    /// <summary>A bug in the suite.</summary>
    internal const int Bug = 70;

    /// <summary>Stopped by the user.</summary>
    internal const int Cancelled = 130;
}
