using System.Text.Json.Serialization;

namespace GreenServe.Records.Measurements;

/// <summary>A meter of a run: what it covers, how it works and how wrong it may be; or why it could not be read.</summary>
public sealed record MeterDescription
{
    /// <summary>Reason for a counter that shows 0 J during the whole run.</summary>
    public const string StandsAtZero = "it stands still at 0 J: the host lists it, and counts nothing";

    /// <summary>Beginning of <see cref="Method"/> for a meter of a simulated server.</summary>
    public const string SimulatedMethod = "simulated";

    /// <summary>Stable name of the meter, the key in <c>power.csv</c>, for example <c>gpu0.energy</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the joules of the meter cover.</summary>
    public required MeterScope Scope { get; init; }

    /// <summary>How the meter works, for example <c>NVML total energy counter</c> or <c>power model</c>.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// The device that the meter reads, for example <c>NVIDIA H200 (GPU 0)</c>; <c>null</c> where it is not known.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>Whether the meter counts energy (true) or reports power (false).</summary>
    public bool IsCounter { get; init; }

    /// <summary>Whether the readings come from a power model instead of a meter.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Whether a simulated server computed the readings. They then are the energy of no hardware.</summary>
    [JsonIgnore]
    public bool IsSimulated => Method.StartsWith(SimulatedMethod, StringComparison.Ordinal);

    /// <summary>
    /// Whether the readings are not stored because they follow from the engine's steps. Only the meter of a simulated engine may say so.
    /// </summary>
    public bool IsFromSteps { get; init; }

    /// <summary>Refresh period (s); <c>null</c> if not known.</summary>
    public double? RefreshSeconds { get; init; }

    /// <summary>
    /// Length of the trailing window over which a meter of power averages (s); <c>null</c> if it does not average, or nobody knows.
    /// </summary>
    public double? AveragingSeconds { get; init; }

    /// <summary>Gain error as a share (0.05 = ±5 %); <c>null</c> if not known.</summary>
    public double? GainErrorRatio { get; init; }

    /// <summary>
    /// Highest power that a reading of the device may show (W), for example three times the power limit that its driver states;
    /// <c>null</c> means that of the scope. A reading beyond it is no number.
    /// </summary>
    public double? CeilingWatts { get; init; }

    /// <summary>The reason why the meter was not read; <c>null</c> for a meter that was.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>
    /// What a reader must know to interpret the readings, for example that they cover the whole board under MIG; <c>null</c> for no
    /// note.
    /// </summary>
    public string? Note { get; init; }

    /// <summary>The faults of the meter during the run, oldest first; empty if there were none.</summary>
    public IReadOnlyList<MeterFault> Faults { get; init; } = [];
}

/// <summary>A fault of a meter during a run.</summary>
/// <param name="AtSeconds">Time of the fault (s from the start of the run).</param>
/// <param name="Code">Stable name of the kind of fault, in kebab-case, for example <c>jumped-back</c>.</param>
/// <param name="Message">What was found, with numbers, for users.</param>
/// <param name="BreaksCounter">Whether energy counted across the fault is lost, so that no window may span it.</param>
public sealed record MeterFault(double AtSeconds, string Code, string Message, bool BreaksCounter = false);
