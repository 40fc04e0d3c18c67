using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// Writes a cluster's run into a record: every request, and the power of each instance as a meter of its own. Steps are left out: a
/// record's steps are those of one engine.
/// </summary>
public sealed class ClusterRecordSink(RunRecordWriter record) : ISimulationSink
{
    private const string UnusedMeter = "unused";
    private readonly SortedDictionary<int, PowerSampler> power = [];

    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        if (!power.TryGetValue(stretch.Replica, out PowerSampler? sampler))
        {
            power[stretch.Replica] = sampler = new PowerSampler(sample => record.Add(sample), MeterName(stretch.Replica));
        }

        for (int index = 0; index < stretch.Count; index++)
        {
            EngineStep step = stretch.Step(index);
            sampler.Add(step.DurationSeconds, step.EnergyJoules!.Value);
        }
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome) => record.Add(RunRecordSink.RecordOf(outcome));

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => record.AddTokenGaps(requestClass, gaps);

    /// <summary>Writes the last readings; once, after the simulation. Accelerators that no instance uses are read as their mean.</summary>
    public void End(ClusterSummary summary)
    {
        foreach (PowerSampler sampler in power.Values)
        {
            sampler.End();
        }

        record.Add(new PowerSample(UnusedMeter, 0, null, 0));
        record.Add(new PowerSample(UnusedMeter, summary.DurationSeconds, null, summary.UnusedJoules));
    }

    /// <summary>The meters whose samples it writes.</summary>
    public IReadOnlyList<MeterDescription> Meters =>
        [.. power.Keys.Select(MeterName).Append(UnusedMeter).Select(name => SimulationSummary.Meter with { Name = name, Device = name })];

    private static string MeterName(int replica) => $"replica{replica}";
}
