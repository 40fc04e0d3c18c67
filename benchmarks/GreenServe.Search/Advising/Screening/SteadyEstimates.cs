using System.Collections.Concurrent;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads;

namespace GreenServe.Search.Advising.Screening;

/// <summary>
/// Estimates what settings do with the load of a workload, from the costs of their steps and a queue in the mean. It ranks settings for a
/// search. Thread-safe.
/// </summary>
/// <param name="trials">Knows the instance of a setting, and the workload.</param>
internal sealed class SteadyEstimates(SettingTrials trials)
{
    private readonly Workload workload = trials.Workload;
    private readonly LoadShape load = LoadShape.Of(trials.Workload, trials.ScheduleOf());
    private readonly ConcurrentDictionary<ServingSetting, Lazy<InstanceCosts>> costs = [];
    private readonly ConcurrentDictionary<ServingSetting, Lazy<SloByClass?>> limits = [];

    /// <summary>The estimate of a setting that can exist.</summary>
    internal SettingEstimate Of(ServingSetting setting)
    {
        SimulatedSystem system = trials.SystemOf(setting);
        InstanceCosts own = CostsOf(setting);
        SteadyState state = new(load, own, system, setting);
        SloByClass? slo = LimitsOf(setting);
        double worst = slo is null ? 0 : Enumerable.Range(0, slo.Profile.Limits.Count).Max(limit => RatioOf(slo, limit, state));
        return new SettingEstimate(
            state.JoulesPerRequest / load.OutputTokens,
            state.JoulesPerRequest * state.RequestsPerSecond,
            load.OutputTokens * state.RequestsPerSecond,
            setting.Gpus,
            slo is null && state.OverloadRatio > 1 ? state.OverloadRatio : worst);
    }

    private double RatioOf(SloByClass slo, int number, SteadyState state)
    {
        SloLimit limit = slo.Profile.Limits[number];
        double missed = Math.Max(1e-4, 1 - (limit.Percentile / 100));
        double worst = 0;
        foreach (ClassLoad own in load.Classes.Where(own => own.Share > missed / 2))
        {
            if (slo.Seconds(number, own.Class) is { } allowed)
            {
                double found = limit.Metric switch
                {
                    SloMetric.Ttft => state.TtftSeconds(own, missed),
                    SloMetric.Tbt => state.TbtSeconds(own, missed),
                    SloMetric.Tpot => state.TpotSeconds(missed),
                    _ => state.TtftSeconds(own, missed) + (load.OutputTokens * state.TpotSeconds(missed)),
                };
                worst = Math.Max(worst, found / allowed);
            }
        }

        return worst;
    }

    /// <summary>The costs of an instance, which do not depend on its limits of batches.</summary>
    private InstanceCosts CostsOf(ServingSetting setting)
    {
        ServingSetting key = setting with
        {
            Replicas = 1,
            PrefillReplicas = 0,
            CachesPrefixes = null,
            Knobs = setting.Knobs with { MaxBatch = null, StepTokens = null },
        };
        return costs.GetOrAdd(key, own => new(() => new InstanceCosts(trials.SystemOf(own), load.ContextTokens))).Value;
    }

    /// <summary>The limits in seconds. Those that are multiples of the isolated latency differ between instances.</summary>
    private SloByClass? LimitsOf(ServingSetting setting)
    {
        if (workload.Slo is not { } slo)
        {
            return null;
        }

        bool isRelative = slo.Limits.Any(limit => limit.IsolatedMultiple is not null);
        ServingSetting key = setting with
        {
            Replicas = 1,
            PrefillReplicas = 0,
            CachesPrefixes = null,
            Knobs = isRelative ? setting.Knobs with { GpuClockMegahertz = null, PowerCapWatts = null } : new Knobs(),
        };
        return limits.GetOrAdd(
            isRelative ? key : key with { Gpu = "", Model = "" },
            _ => new(() => SloByClass.Of(slo, workload.Classes, trials.SystemOf(setting)))).Value;
    }
}
