namespace GreenServe.Records.Measurements;

/// <summary>A meter of a run: what it covers, how, and how well; or why it could not be read.</summary>
public sealed record MeterDescription
{
    /// <summary>Why a counter that never left 0 J is not measured.</summary>
    public const string StandsAtZero = "it stands still at 0 J: the host lists it, and counts nothing";

    /// <summary>Stable name, the key of <c>power.csv</c>, for example <c>gpu0.energy</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its joules cover.</summary>
    public required MeterScope Scope { get; init; }

    /// <summary>How it works, for example <c>NVML total energy counter</c> or <c>power model</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The device it sits on, for example <c>NVIDIA H200 (GPU 0)</c>; <c>null</c> if there is no telling.</summary>
    public string? Device { get; init; }

    /// <summary>Whether it counts energy (true) or reports power (false).</summary>
    public bool IsCounter { get; init; }

    /// <summary>Whether the number is a model's and not a reading.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Refresh period (s); <c>null</c> if not known.</summary>
    public double? RefreshSeconds { get; init; }

    /// <summary>
    /// Length of the trailing window over which a meter of power averages (s); <c>null</c> if it does not average, or nobody knows.
    /// </summary>
    public double? AveragingSeconds { get; init; }

    /// <summary>Gain error as a share (0.05 = ±5 %); <c>null</c> if not known.</summary>
    public double? GainErrorRatio { get; init; }

    /// <summary>Why it was not measured; <c>null</c> for a meter that was read.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>
    /// What must be known to read its numbers right, for example that it covers the whole board under MIG; <c>null</c> for nothing.
    /// </summary>
    public string? Note { get; init; }

    /// <summary>What went wrong while it was read, oldest first; empty if nothing did.</summary>
    public IReadOnlyList<MeterFault> Faults { get; init; } = [];
}

/// <summary>Something that went wrong with a meter in the course of a run.</summary>
/// <param name="AtSeconds">When, as offset from the start of the run.</param>
/// <param name="Code">Stable name for machines, in kebab-case, for example <c>jumped-back</c>.</param>
/// <param name="Message">What was found, with numbers, for people.</param>
/// <param name="BreaksCounter">Whether energy counted across this moment is lost, so that no window may span it.</param>
public sealed record MeterFault(double AtSeconds, string Code, string Message, bool BreaksCounter = false);
