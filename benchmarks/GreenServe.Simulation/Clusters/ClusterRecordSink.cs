using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// Writes the run of a cluster into a run record: every request, the energy of each instance as a meter of its own, the decisions of the
/// policy and the state of the cluster over time. Steps are left out, since the steps of a record are those of one engine.
/// </summary>
/// <param name="record">The record. The caller completes it.</param>
/// <param name="meterSeconds">
/// Time between the readings of one meter of the whole cluster, in seconds, above 0. A cluster under a policy needs it, because its
/// instances come and go; <c>null</c> for a meter of each instance, which is read every 0.1 s.
/// </param>
public sealed class ClusterRecordSink(RunRecordWriter record, double? meterSeconds = null) : ISimulationSink
{
    /// <summary>Name of the meter of accelerators that no instance uses.</summary>
    private const string UnusedMeter = "unused";

    /// <summary>
    /// Time between two readings of a meter, in seconds. A cluster has many meters and may run for days, and its power is judged at means
    /// over a second.
    /// </summary>
    private const double IntervalSeconds = 1;

    /// <summary>Name of the meter of the whole cluster.</summary>
    private const string ClusterMeterName = "cluster";

    private readonly ClusterMeter? meter = meterSeconds is { } seconds ? new ClusterMeter(seconds) : null;
    private readonly SortedDictionary<int, PowerSampler> power = [];

    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        if (meter is not null)
        {
            meter.Add(stretch);
            return;
        }

        if (!power.TryGetValue(stretch.Replica, out PowerSampler? sampler))
        {
            power[stretch.Replica] = sampler = new PowerSampler(
                sample => record.Add(sample), MeterName(stretch.Replica), IntervalSeconds);
        }

        if (sampler.ReadsWithin(stretch.Seconds))
        {
            sampler.Add(stretch.Recorded);
        }
        else
        {
            sampler.Add(stretch.Seconds, stretch.Joules);
        }
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        record.ThrowIfFailed();
        record.Add(RunRecordSink.RecordOf(outcome));
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => record.AddTokenGaps(requestClass, gaps);

    /// <inheritdoc />
    public void Add(ControlAction action) => record.Add(new ClusterAction(
        action.AtSeconds,
        EnumText.Of(action.Kind),
        action.Server,
        action.Instance,
        action.Setting.Length == 0 ? null : action.Setting,
        action.Reason,
        action.EffectiveSeconds,
        action.Refusal));

    /// <inheritdoc />
    public void Add(ClusterSample sample) => record.Add(sample);

    /// <summary>Writes the last readings. Call it once, after the simulation.</summary>
    /// <param name="summary">The totals of the run, which tell the power of unused accelerators.</param>
    public void End(ClusterSummary summary)
    {
        if (meter is not null)
        {
            EndMeter(meter, summary);
            return;
        }

        foreach (PowerSampler sampler in power.Values)
        {
            sampler.End();
        }

        PowerSampler unused = new(sample => record.Add(sample), UnusedMeter, IntervalSeconds);
        foreach (UnusedStretch stretch in summary.Unused)
        {
            unused.Add(stretch.EndSeconds - stretch.StartSeconds, stretch.Joules);
        }

        unused.End();
    }

    /// <summary>Descriptions of the meters whose samples it writes.</summary>
    public IReadOnlyList<MeterDescription> Meters => meter is not null
        ? [SimulationSummary.Meter with { Name = ClusterMeterName, Device = ClusterMeterName, RefreshSeconds = meterSeconds }]
        : [.. power.Keys.Select(MeterName).Append(UnusedMeter).Select(
            name => SimulationSummary.Meter with { Name = name, Device = name, RefreshSeconds = IntervalSeconds })];

    private void EndMeter(ClusterMeter whole, ClusterSummary summary)
    {
        foreach (UnusedStretch stretch in summary.Unused)
        {
            whole.Add(stretch.StartSeconds, stretch.EndSeconds, stretch.Joules);
        }

        foreach (PowerSample sample in whole.Readings(ClusterMeterName, summary.DurationSeconds))
        {
            record.Add(sample);
        }
    }

    private static string MeterName(int replica) => $"replica{replica}";
}
