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
/// Time between the readings of a meter, in seconds, above 0. A cluster has many meters and may run for days, so that a long run needs a
/// longer time than one engine does.
/// </param>
/// <param name="metersInstances">
/// Whether each instance has a meter. Otherwise the whole cluster has one, as it must under a policy, whose instances come and go.
/// </param>
public sealed class ClusterRecordSink(
    IRunRecorder record, double meterSeconds = PowerSampler.IntervalSeconds, bool metersInstances = true) : ISimulationSink
{
    /// <summary>Name of the meter of accelerators that no instance uses.</summary>
    private const string UnusedMeter = "unused";

    /// <summary>Name of the meter of the whole cluster.</summary>
    private const string ClusterMeterName = "cluster";

    private readonly ClusterMeter? meter = metersInstances ? null : new ClusterMeter(meterSeconds);
    private double sampledSeconds;

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
                sample => record.Add(sample), MeterName(stretch.Replica), meterSeconds);
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
        record.Add(RunRecordSink.RecordOf(outcome) with { ServerId = outcome.Replica is { } number ? MeterName(number) : null });
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
    public void Add(ClusterSample sample)
    {
        if (sample is { Scope: ClusterSample.Cluster, GpusOn: { } gpus })
        {
            GpuOnSeconds = (GpuOnSeconds ?? 0) + (gpus * (sample.Seconds - sampledSeconds));
            sampledSeconds = sample.Seconds;
        }

        record.Add(sample);
    }

    /// <summary>
    /// Time in which accelerators were not switched off, in seconds, summed over the accelerators. Each sample counts for its interval;
    /// <c>null</c> without samples.
    /// </summary>
    public double? GpuOnSeconds { get; private set; }

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

        PowerSampler unused = new(sample => record.Add(sample), UnusedMeter, meterSeconds);
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
            name => SimulationSummary.Meter with { Name = name, Device = name, RefreshSeconds = meterSeconds })];

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
