using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The saturation rule of llm-d's workload variant autoscaler: it starts a server while the others have little room in their caches or
/// queues, and stops one while the rest would have enough room without it. It knows nothing of latencies or watts.
/// </summary>
public sealed record VariantAutoscaler : PolicyDefinition
{
    /// <summary>Share of the key-value cache from which on an instance is saturated, from 0 to 1.</summary>
    /// <value>Default 0.8.</value>
    [Range(0, 1)]
    public double SaturatedCacheRatio { get; init; } = 0.8;

    /// <summary>Number of requests before their first token from which on an instance is saturated, from 1 to 10000.</summary>
    /// <value>Default 5.</value>
    [Range(1, 10_000)]
    public double SaturatedQueueRequests { get; init; } = 5;

    /// <summary>Mean room in the cache, as a share of it, below which a server is started, from 0 to 1.</summary>
    /// <value>Default 0.1.</value>
    [Range(0, 1)]
    public double LeastSpareCacheRatio { get; init; } = 0.1;

    /// <summary>Mean room in the queue, in requests, below which a server is started, from 0 to 10000.</summary>
    /// <value>Default 3.</value>
    [Range(0, 10_000)]
    public double LeastSpareQueueRequests { get; init; } = 3;

    /// <summary>Time between decisions, in seconds, from 1 to 3600.</summary>
    /// <value>Default 60 (inferred).</value>
    [Range(1, 3600)]
    public double PeriodSeconds { get; init; } = 60;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        PolicyNeeds.WholeRequests(setting.Cluster).Concat(PolicyNeeds.AllClasses(setting.Cluster));

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this);

    private sealed class Controller(VariantAutoscaler rule) : IClusterPolicy
    {
        public IReadOnlyList<double> PeriodsSeconds => [rule.PeriodSeconds];

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            // Nothing is decided while a server starts: what it will carry is not to be seen yet.
            if (cluster.Instances.Any(instance => instance.State is InstanceState.Starting or InstanceState.Waking))
            {
                return;
            }

            IInstanceView[] serving = [.. cluster.Instances.Where(instance => instance.State == InstanceState.Serving)];
            IInstanceView[] free = [.. serving.Where(instance =>
                instance.CacheFillRatio < rule.SaturatedCacheRatio && instance.PromptRequests < rule.SaturatedQueueRequests)];
            if (!HasRoom(free, share: 1))
            {
                if (cluster.Servers.FirstOrDefault(server => server.IsOff && !server.IsChanging) is { } off)
                {
                    actions.Start(off.Number, "caches or queues have little room");
                }
            }
            else if (serving.Length > 1 && free.Length == serving.Length && HasRoom(free, (double)serving.Length / (serving.Length - 1)))
            {
                IInstanceView least = serving.MinBy(instance => (instance.Requests, -instance.Number))!;
                actions.PowerOff(least.Server.Number, "the others have room without it");
            }
        }

        /// <summary>Whether instances have room on average when each has a multiple of its load.</summary>
        private bool HasRoom(IInstanceView[] instances, double share)
        {
            if (instances.Length == 0)
            {
                return false;
            }

            double fillRatio = share * instances.Average(instance => instance.CacheFillRatio);
            double queued = share * instances.Average(instance => instance.PromptRequests);
            return rule.SaturatedCacheRatio - fillRatio >= rule.LeastSpareCacheRatio
                && rule.SaturatedQueueRequests - queued >= rule.LeastSpareQueueRequests;
        }
    }
}
