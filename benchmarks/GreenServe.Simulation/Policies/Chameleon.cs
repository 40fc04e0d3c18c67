using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Adapters;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Workloads.Traits;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// Chameleon: keeps adapters (LoRA) in memory that the cache of keys and values leaves idle, and serves requests in levels of their
/// weighted size. With other settings it is a baseline without one or both.
/// </summary>
/// <remarks>
/// A request begins when its adapter has been loaded. Adapters take no room from the cache of the simulated instance, and the products
/// with their matrices take no time.
/// </remarks>
public sealed record Chameleon : PolicyDefinition
{
    /// <summary>Bandwidth at which an instance loads adapters from the memory of its host, in bytes per second, in (0, 1e15].</summary>
    [Range(0, 1e15, MinimumIsExclusive = true)]
    public required double LoadBytesPerSecond { get; init; }

    /// <summary>Which adapter is evicted first.</summary>
    /// <value>Default: the least recently used.</value>
    public EvictionOrder Eviction { get; init; } = new();

    /// <summary>Number of levels of request size, from 1 to 64. With 1, requests are served in the order of arrival.</summary>
    /// <value>Default 1.</value>
    [Range(1, 64)]
    public int Levels { get; init; } = 1;

    /// <summary>Number of latest requests whose sizes tell where levels begin, from 100 to 1000000.</summary>
    /// <value>Default 1000.</value>
    [Range(100, 1_000_000)]
    public int LatestRequests { get; init; } = 1000;

    /// <summary>Weight of the input length in the size of a request, from 0 to 1.</summary>
    /// <value>Default 0.3.</value>
    [Range(0, 1)]
    public double InputWeight { get; init; } = 0.3;

    /// <summary>Weight of the predicted output length in the size of a request, from 0 to 1.</summary>
    /// <value>Default 0.5.</value>
    [Range(0, 1)]
    public double OutputWeight { get; init; } = 0.5;

    /// <summary>Weight of the adapter's size in the size of a request, from 0 to 1.</summary>
    /// <value>Default 0.2.</value>
    [Range(0, 1)]
    public double AdapterWeight { get; init; } = 0.2;

    /// <inheritdoc />
    public override bool UsesAdapters() => true;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        if (setting.Schedule.Adapters.Count == 0)
        {
            yield return new Problem("workload", "no adapters", "a workload that states adapters, which this policy loads");
        }

        // An adapter is loaded and given up where a whole request is served.
        foreach (Problem problem in PolicyNeeds.WholeRequests(setting.Cluster))
        {
            yield return problem;
        }

        if (!(InputWeight + OutputWeight + AdapterWeight > 0))
        {
            yield return new Problem("$.input_weight", "weights with a sum of 0", "at least one weight of the size of a request above 0");
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, setting.Schedule.Adapters);

    private sealed class Controller(Chameleon settings, IReadOnlyList<Adapter> adapters) : IClusterPolicy
    {
        private readonly double maxBytes = adapters.Select(adapter => adapter.Bytes).DefaultIfEmpty(1).Max();
        private readonly Dictionary<long, long> ranks = [];
        private readonly SizeCuts cuts = new(settings.Levels, settings.LatestRequests);
        private AdapterCache[] caches = [];
        private FairLevels[] queues = [];
        private int maxInputTokens = 1;
        private int maxOutputTokens = 1;

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            int count = cluster.Instances.Count;
            caches = new AdapterCache[count];
            queues = new FairLevels[count];
            for (int number = 0; number < count; number++)
            {
                caches[number] = new AdapterCache(adapters, settings.Eviction, settings.LoadBytesPerSecond);
                queues[number] = new FairLevels(settings.Levels);
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            if (request.Adapter is not { } adapter || LeastLoaded(request, adapter, cluster) is not { } instance)
            {
                return RouteDecision.ByRouter;
            }

            double loadSeconds = caches[instance.Number].TakeSeconds(adapter, cluster.NowSeconds, IdleBytes(instance));
            long rank = settings.Levels == 1 ? 0 : RankOf(request, adapter, queues[instance.Number]);
            ranks[request.Id] = rank;
            return RouteDecision.To(instance.Number, rank: rank, afterSeconds: loadSeconds);
        }

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
        {
            if (!ranks.TryGetValue(happened.Request.Id, out long rank))
            {
                return;
            }

            if (happened.Kind == RequestEventKind.FirstToken)
            {
                queues[happened.Instance].NoteBegun(rank);
            }
            else
            {
                caches[happened.Instance].Release(happened.Request.Adapter!.Value);
                ranks.Remove(happened.Request.Id);
            }

            caches[happened.Instance].Shrink(cluster.NowSeconds, IdleBytes(cluster.Instance(happened.Instance)));
        }

        /// <summary>The instance with the fewest tokens to serve; of equal ones, one that has the adapter.</summary>
        private IInstanceView? LeastLoaded(in RequestView request, int adapter, IClusterView cluster)
        {
            IInstanceView? best = null;
            foreach (IInstanceView instance in cluster.Instances)
            {
                if (instance.Serves(request) && (best is null || instance.PredictedTokens < best.PredictedTokens
                    || (instance.PredictedTokens == best.PredictedTokens
                        && caches[instance.Number].Holds(adapter) && !caches[best.Number].Holds(adapter))))
                {
                    best = instance;
                }
            }

            return best;
        }

        private long RankOf(in RequestView request, int adapter, FairLevels queue)
        {
            maxInputTokens = Math.Max(maxInputTokens, request.InputTokens);
            maxOutputTokens = Math.Max(maxOutputTokens, request.PredictedOutputTokens);
            double size = (settings.InputWeight * request.InputTokens / maxInputTokens)
                + (settings.OutputWeight * request.PredictedOutputTokens / maxOutputTokens)
                + (settings.AdapterWeight * adapters[adapter].Bytes / maxBytes);
            return queue.Rank(cuts.LevelOf(size), size);
        }

        /// <summary>Memory that the keys and values of running requests leave idle, in bytes.</summary>
        private static double IdleBytes(IInstanceView instance) =>
            (1 - instance.CacheFillRatio) * instance.CacheTokens * instance.System.CacheBytesPerToken;
    }
}
