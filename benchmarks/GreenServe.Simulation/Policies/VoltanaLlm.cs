using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// VoltanaLLM. Each instance runs at the lowest of some clocks whose predicted latency is within the limit of its phase (EcoFreq), and
/// requests are decoded where they do not raise that clock (EcoRoute).
/// </summary>
/// <remarks>
/// Latencies come from the step model of the simulator, which stands for the tables that the authors profile. The cluster file has
/// instances with the roles <c>prefill</c> and <c>decode</c>.
/// </remarks>
public sealed record VoltanaLlm : PolicyDefinition
{
    /// <summary>The clocks to choose from, in megahertz, in rising order.</summary>
    public required IReadOnlyList<double> ClocksMegahertz { get; init; }

    /// <summary>Limit of the time to first token that prefill instances keep, in seconds, above 0 and at most 3600.</summary>
    [Range(0, 3600, MinimumIsExclusive = true)]
    public required double TtftSeconds { get; init; }

    /// <summary>Limit of the time between tokens that decode instances keep, in seconds, above 0 and at most 3600.</summary>
    [Range(0, 3600, MinimumIsExclusive = true)]
    public required double TbtSeconds { get; init; }

    /// <summary>Part of each limit that is added to it, a ratio from -1 to 1. A negative one leaves slack.</summary>
    /// <value>Default 0.</value>
    [Range(-1, 1)]
    public double MarginRatio { get; init; }

    /// <summary>Time between two choices of a clock, in seconds, from 0.01 to 60.</summary>
    /// <value>Default 0.1.</value>
    [Range(0.01, 60)]
    public double PeriodSeconds { get; init; } = 0.1;

    /// <summary>Time without work after which an instance gets the lowest clock, in seconds, from 0 to 3600.</summary>
    /// <value>Default 5.</value>
    [Range(0, 3600)]
    public double IdleSeconds { get; init; } = 5;

    /// <summary>Tokens by which the context of a request is assumed to grow when its clock is predicted, from 0 to 100000.</summary>
    /// <value>Default 50.</value>
    [Range(0, 100_000)]
    public int GrowthTokens { get; init; } = 50;

    /// <summary>Number of decoding requests that the hardware serves in equal time, from 1 to 65536.</summary>
    /// <value>Default 128.</value>
    [Range(1, 65_536)]
    public int TileRequests { get; init; } = 128;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        if (ClocksMegahertz.Count == 0 || ClocksMegahertz.Zip(ClocksMegahertz.Skip(1)).Any(pair => !(pair.First < pair.Second)))
        {
            yield return new Problem("$.clocks_megahertz", string.Join(", ", ClocksMegahertz), "at least one clock, in rising order");
        }

        if (!setting.Cluster.Replicas.All(replica => replica.Role is ReplicaRole.Prefill or ReplicaRole.Decode))
        {
            yield return new Problem("replicas", "instances of other roles", "only instances with the roles prefill and decode");
        }

        foreach (Problem problem in PolicyNeeds.Clocks(setting.Cluster, ClocksMegahertz.Select(clock => ("$.clocks_megahertz", clock))))
        {
            yield return problem;
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this);

    private sealed class Controller(VoltanaLlm settings) : IClusterPolicy
    {
        private readonly int highest = settings.ClocksMegahertz.Count - 1;

        /// <summary>Time and energy of steps, by instance and clock.</summary>
        private StepModel[][] tables = [];

        public IReadOnlyList<double> PeriodsSeconds => [settings.PeriodSeconds];

        public void Begin(IClusterView cluster, IClusterActions actions) => tables =
        [
            .. cluster.Instances.Select(instance => (StepModel[])
                [.. settings.ClocksMegahertz.Select(clock => cluster.Model(instance.System.AtClock(clock)))]),
        ];

        /// <summary>EcoFreq: the lowest clock that keeps the limit of the phase.</summary>
        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            foreach (IInstanceView instance in cluster.Instances)
            {
                if (instance.State == InstanceState.Serving)
                {
                    (int level, string reason) = LevelOf(instance, cluster.NowSeconds);
                    actions.SetClock(instance.Number, settings.ClocksMegahertz[level], reason);
                }
            }
        }

        /// <summary>EcoRoute: prompts go to the shortest queue, and requests are decoded where they do not raise the clock.</summary>
        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            int chosen = request.HasFirstToken ? ForDecode(request, cluster) : ForPrompt(cluster);
            return chosen >= 0 ? RouteDecision.To(chosen) : RouteDecision.Hold;
        }

        private (int Level, string Reason) LevelOf(IInstanceView instance, double now)
        {
            if (instance.Requests == 0)
            {
                bool isIdle = now - instance.LastBusySeconds >= settings.IdleSeconds;
                return (isIdle ? 0 : LevelSet(instance), "no work");
            }

            return instance.Role == ReplicaRole.Prefill ? PromptLevel(instance, now)
                : instance.PromptRequests > 0 ? (highest, "requests wait to be decoded")
                : (DecodeLevel(instance.Number, instance.DecodingRequests, instance.ContextTokens), "lowest clock within the TBT limit");
        }

        private (int Level, string Reason) PromptLevel(IInstanceView instance, double now)
        {
            long tokens = instance.PromptTokens;
            if (tokens == 0)
            {
                return (LevelSet(instance), "no prompt");
            }

            if (tokens > instance.System.StepTokens)
            {
                return (highest, "prompts wait for a step");
            }

            double waited = now - (instance.OldestArrivalSeconds ?? now);
            double limit = (settings.TtftSeconds * (1 + settings.MarginRatio)) - waited;
            int prompts = instance.PromptRequests;
            double pairs = PrefillAttention.Pairs((int)(tokens / prompts), 0) * prompts;
            StepShape shape = new((int)tokens, pairs, prompts, prompts, DecodeSequences: 0, ContextTokens: 0);
            return (LowestWithin(instance.Number, shape, limit), "lowest clock within the TTFT limit");
        }

        private int DecodeLevel(int instance, int requests, long contextTokens) => requests == 0 ? 0 : LowestWithin(
            instance,
            StepShape.Decode(requests, contextTokens),
            settings.TbtSeconds * (1 + settings.MarginRatio));

        /// <summary>Number of the lowest clock at which a step is short enough; the highest where none is.</summary>
        private int LowestWithin(int instance, in StepShape shape, double seconds)
        {
            for (int level = 0; level < highest; level++)
            {
                if (tables[instance][level].Cost(shape).Seconds <= seconds)
                {
                    return level;
                }
            }

            return highest;
        }

        private int LevelSet(IInstanceView instance)
        {
            int level = 0;
            while (level < highest && settings.ClocksMegahertz[level] < instance.ClockMegahertz)
            {
                level++;
            }

            return level;
        }

        private static int ForPrompt(IClusterView cluster) =>
            cluster.Instances.LeastLoaded(ReplicaRole.Prefill, static instance => instance.PromptTokens)?.Number ?? -1;

        /// <summary>
        /// The best decode instance by these rules in turn: where levels lie more than one step apart, the lowest; otherwise one whose
        /// clock does not rise, then the lowest clock, then the fewest tiles of requests, then the fullest tile. While no instance fills a
        /// tile, the lowest clock and then the fewest requests decide.
        /// </summary>
        private int ForDecode(in RequestView request, IClusterView cluster)
        {
            (int low, int high, bool allSmall) = (highest, 0, true);
            foreach (IInstanceView instance in cluster.Instances)
            {
                if (instance.Serves(request))
                {
                    int now = DecodeLevel(instance.Number, instance.Requests, instance.ContextTokens);
                    (low, high) = (Math.Min(low, now), Math.Max(high, now));
                    allSmall &= instance.Requests < settings.TileRequests;
                }
            }

            bool levelsApart = high - low > 1;
            int best = -1;
            (int Rises, int Level, int Tiles, int Requests) least = default;
            foreach (IInstanceView instance in cluster.Instances)
            {
                if (!instance.Serves(request))
                {
                    continue;
                }

                int now = DecodeLevel(instance.Number, instance.Requests, instance.ContextTokens);
                long grown = instance.ContextTokens + request.InputTokens + settings.GrowthTokens;
                int rises = levelsApart || allSmall || DecodeLevel(instance.Number, instance.Requests + 1, grown) <= now ? 0 : 1;
                int tiles = allSmall ? 0 : (instance.Requests + settings.TileRequests) / settings.TileRequests;
                int requests = allSmall ? instance.Requests : -instance.Requests;
                (int Rises, int Level, int Tiles, int Requests) place = (rises, now, tiles, requests);
                if (best < 0 || place.CompareTo(least) < 0)
                {
                    (best, least) = (instance.Number, place);
                }
            }

            return best;
        }
    }
}
