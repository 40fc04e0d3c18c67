using GreenServe.Metering.IdlePower;

namespace GreenServe.Metering.Characterization;

/// <summary>What a machine's meters were found to do.</summary>
/// <param name="MeasuredAt">When.</param>
/// <param name="Gpus">The GPUs with driver, clocks and caps.</param>
/// <param name="WithoutLoad">Refresh periods and call costs without load.</param>
/// <param name="UnderLoad">Refresh periods and call costs under load.</param>
/// <param name="Idle">Cool, no process.</param>
/// <param name="LoadedIdle">The load's weights in memory, nothing to do.</param>
/// <param name="Loads">Steady loads.</param>
/// <param name="Interference">The cost of metering.</param>
public sealed record CharacterizationReport(
    DateTimeOffset MeasuredAt,
    IReadOnlyList<string> Gpus,
    IReadOnlyList<MeterProbeResult> WithoutLoad,
    IReadOnlyList<MeterProbeResult> UnderLoad,
    BaselineReading Idle,
    BaselineReading LoadedIdle,
    IReadOnlyList<SteadyLoadResult> Loads,
    InterferenceResult? Interference);
