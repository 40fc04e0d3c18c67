namespace GreenServe.Records;

/// <summary>The exit codes by which a program of the suite tells its caller how it ended.</summary>
/// <remarks>
/// <c>greenserve</c> and <c>greenserve-engine</c> return the same codes, so that one can pass on what the other reported. Code 70 is
/// <c>EX_SOFTWARE</c> of BSD's <c>sysexits.h</c>; 130 is what a shell reports for a program that Ctrl+C ended (128 + SIGINT).
/// </remarks>
public static class ExitCode
{
    /// <summary>Exit code 0: the command did what it was asked to do.</summary>
    public const int Success = 0;

    /// <summary>Exit code 1: a check failed, or a comparison found a regression.</summary>
    public const int Failed = 1;

    /// <summary>Exit code 2: the command line or an input file cannot be used. <see cref="InvalidInputException"/> leads to it.</summary>
    public const int BadInput = 2;

    /// <summary>Exit code 3: this machine cannot do what was asked. <see cref="UnavailableException"/> leads to it.</summary>
    public const int Unavailable = 3;

    /// <summary>Exit code 4: the run took place, but its verdict is INVALID.</summary>
    public const int InvalidRun = 4;

    /// <summary>Exit code 70: the suite itself has a bug.</summary>
    public const int Bug = 70;

    /// <summary>Exit code 130: the user stopped the command.</summary>
    public const int Cancelled = 130;
}
