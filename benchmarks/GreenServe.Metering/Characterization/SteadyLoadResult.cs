using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Characterization;

/// <summary>A steady load as the meters saw it.</summary>
/// <param name="Kind">Kind of load.</param>
/// <param name="Window">The steady window, its edges on refreshes of the first counter.</param>
/// <param name="Readings">Every meter's energy over the window.</param>
/// <param name="Checks">Counter against averaged power.</param>
/// <param name="Responses">How each meter of power followed the load's beginning and end, by meter name and <c>up</c> or <c>down</c>.</param>
/// <param name="Steps">Steps the load made.</param>
/// <param name="MedianStepSeconds">Median time of a step (s).</param>
public sealed record SteadyLoadResult(
    string Kind,
    MeasurementWindow Window,
    IReadOnlyList<EnergyReading> Readings,
    IReadOnlyList<AgreementResult> Checks,
    IReadOnlyDictionary<string, StepResponse> Responses,
    long Steps,
    double MedianStepSeconds);
