using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// Splitwise's cluster scheduler. Prompt machines process prompts and token machines decode. Both are chosen when a request arrives. Where
/// a pool has no room, a machine of the other pool moves to the mixed pool, and returns when it has no foreign work left.
/// </summary>
/// <remarks>The pools are the instances with the roles <c>prefill</c> and <c>decode</c> in the cluster file.</remarks>
public sealed record Splitwise : PolicyDefinition
{
    /// <summary>Largest number of prompt tokens at a machine that a further prompt may wait for, in tokens, from 1 to 10000000.</summary>
    /// <value>Default 8192.</value>
    [Range(1, 10_000_000)]
    public int MaxPendingTokens { get; init; } = 8192;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        foreach (ReplicaRole role in new[] { ReplicaRole.Prefill, ReplicaRole.Decode })
        {
            if (setting.Cluster.Replicas.All(replica => replica.Role != role))
            {
                string found = $"no server with the role {EnumText.Of(role)}";
                yield return new Problem("replicas", found, "servers with the roles prefill and decode");
            }
        }

        foreach (Problem problem in PolicyNeeds.AllClasses(setting.Cluster))
        {
            yield return problem;
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(MaxPendingTokens);

    private sealed class Controller(int maxPendingTokens) : IClusterPolicy
    {
        private const string NoRoom = "the other pool has no room";
        private const string Alone = "no foreign work is left";

        /// <summary>The machines of each unfinished request.</summary>
        private readonly Dictionary<long, (int Prompt, int Token)> machines = [];

        /// <summary>Role of each machine in the cluster file.</summary>
        private ReplicaRole[] home = [];

        /// <summary>Number of requests for which each machine does the work of the other pool.</summary>
        private int[] foreign = [];

        /// <summary>Tokens of the cache of each machine that its requests will fill.</summary>
        private long[] reserved = [];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            home = [.. cluster.Instances.Select(machine => machine.Role)];
            foreign = new int[home.Length];
            reserved = new long[home.Length];
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            if (request.HasFirstToken)
            {
                return RouteDecision.ByRouter;
            }

            long length = request.InputTokens + (long)request.PredictedOutputTokens;
            int prompt = LeastPending(cluster, ReplicaRole.Prefill, request.InputTokens);
            prompt = prompt >= 0 ? prompt : LeastPending(cluster, ReplicaRole.Mixed, request.InputTokens);
            int token = LeastReserved(cluster, ReplicaRole.Decode, length);
            token = token >= 0 ? token : LeastReserved(cluster, ReplicaRole.Mixed, length);
            prompt = prompt >= 0 ? prompt : IntoMixed(LeastPending(cluster, ReplicaRole.Decode, tokens: null), actions);
            token = token >= 0 ? token : IntoMixed(LeastReserved(cluster, ReplicaRole.Prefill, tokens: null), actions);
            if (prompt < 0 || token < 0)
            {
                prompt = token = LeastPending(cluster, ReplicaRole.Mixed, tokens: null);
            }

            if (prompt < 0)
            {
                return RouteDecision.Hold;
            }

            Begin(request, prompt, token);
            return RouteDecision.To(prompt, token == prompt ? null : token);
        }

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
        {
            RequestView request = happened.Request;
            (int prompt, int token) = machines[request.Id];
            if (happened.Kind == RequestEventKind.FirstToken)
            {
                reserved[prompt] -= token == prompt ? 0 : request.InputTokens;
                foreign[prompt] -= home[prompt] == ReplicaRole.Decode ? 1 : 0;
                Return(cluster, prompt, actions);
            }
            else
            {
                reserved[token] -= request.InputTokens + request.PredictedOutputTokens;
                foreign[token] -= home[token] == ReplicaRole.Prefill ? 1 : 0;
                machines.Remove(request.Id);
                Return(cluster, token, actions);
            }
        }

        private void Begin(in RequestView request, int prompt, int token)
        {
            machines[request.Id] = (prompt, token);
            reserved[prompt] += token == prompt ? 0 : request.InputTokens;
            reserved[token] += request.InputTokens + request.PredictedOutputTokens;
            foreign[prompt] += home[prompt] == ReplicaRole.Decode ? 1 : 0;
            foreign[token] += home[token] == ReplicaRole.Prefill ? 1 : 0;
        }

        /// <summary>The machine with the fewest prompt tokens to process, if those of a request have room there; -1 for none.</summary>
        private int LeastPending(IClusterView cluster, ReplicaRole role, int? tokens)
        {
            IInstanceView? best = cluster.Instances.LeastLoaded(role, static machine => machine.PromptTokens);
            bool isFull = best is { PromptRequests: > 0 } && best.PromptTokens + tokens > maxPendingTokens;
            return best is null || isFull ? -1 : best.Number;
        }

        /// <summary>The machine with the smallest part of its cache reserved, if a request has room there; -1 for none.</summary>
        private int LeastReserved(IClusterView cluster, ReplicaRole role, long? tokens)
        {
            IInstanceView? best = cluster.Instances.LeastLoaded(role, machine => reserved[machine.Number]);
            return best is null || reserved[best.Number] + tokens > best.CacheTokens ? -1 : best.Number;
        }

        private static int IntoMixed(int machine, IClusterActions actions) =>
            machine >= 0 && actions.SetRole(machine, ReplicaRole.Mixed, NoRoom) ? machine : -1;

        private void Return(IClusterView cluster, int machine, IClusterActions actions)
        {
            if (foreign[machine] == 0 && cluster.Instance(machine).Role != home[machine])
            {
                actions.SetRole(machine, home[machine], Alone);
            }
        }
    }
}
