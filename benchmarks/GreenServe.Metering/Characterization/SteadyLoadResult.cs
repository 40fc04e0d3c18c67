using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Characterization;

/// <summary>A steady load as the meters saw it.</summary>
/// <param name="Kind">The kind of load.</param>
/// <param name="Window">The steady window, with its edges on refreshes of the first counter.</param>
/// <param name="Readings">The energy of the window by every meter.</param>
/// <param name="Checks">The comparison of counter and averaged power, for each device that has both.</param>
/// <param name="Responses">
/// How each meter of power followed the beginning and the end of the load, by the name of the meter and <c>up</c> or <c>down</c>.
/// </param>
/// <param name="Steps">The number of steps that the load made.</param>
/// <param name="MedianStepSeconds">The median time of a step (s).</param>
public sealed record SteadyLoadResult(
    string Kind,
    MeasurementWindow Window,
    IReadOnlyList<EnergyReading> Readings,
    IReadOnlyList<AgreementResult> Checks,
    IReadOnlyDictionary<string, StepResponse> Responses,
    long Steps,
    double MedianStepSeconds);

/// <summary>The energy of a window by a counter, against averaged power times time.</summary>
/// <param name="Device">The device; <c>null</c> if the meters do not name it.</param>
/// <param name="CounterJoules">The energy by the counter (J).</param>
/// <param name="AveragedJoules">The energy by averaged power (J).</param>
/// <param name="DifferenceRatio">Averaged minus counter, as a share of the counter.</param>
public sealed record AgreementResult(string? Device, double CounterJoules, double AveragedJoules, double DifferenceRatio);
