using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Metering.Recording;

/// <summary>What came of a recording, for the run's manifest.</summary>
/// <param name="Meters">Every meter, read or not, with the refresh periods observed and the faults met.</param>
/// <param name="Counters">What metering cost and lost, for <see cref="RunManifest.Counters"/>; names begin with <c>metering_</c>.</param>
/// <param name="Reasons">What speaks against the run; empty if nothing does. Windows are judged apart, by the energy accounting.</param>
public sealed record PowerRecordingSummary(
    IReadOnlyList<MeterDescription> Meters, IReadOnlyDictionary<string, double> Counters, IReadOnlyList<VerdictReason> Reasons);
