using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Estimates;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// Requests are packed onto few servers. A server without work sleeps, and later switches off, once it has idled for as long as the
/// energy of waking it is worth: its break-even time. Its idle energy is then at most twice that of a server that knows each pause.
/// </summary>
public sealed record BreakEvenSleep : PolicyDefinition
{
    /// <summary>
    /// Share of the requests that a server has at its capacity within the SLO, in (0, 1]. With as many it has no room for another.
    /// </summary>
    /// <value>Default 0.5.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double FullShare { get; init; } = 0.5;

    /// <summary>Number of servers that always stay on, from 0 to 10000: those with the lowest numbers.</summary>
    /// <value>Default 1.</value>
    [Range(0, 10_000)]
    public int ServersAlwaysOn { get; init; } = 1;

    /// <summary>The deepest state that servers enter: <c>asleep</c> or <c>off</c>.</summary>
    /// <value>Default <c>off</c>.</value>
    public SleepDepth Deepest { get; init; } = SleepDepth.Off;

    /// <inheritdoc />
    public override bool StartsFromOwnTraffic() => true;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) => setting.CheckProfiles();

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, setting.Profiles());

    /// <summary>The states of a server: ready, asleep and off, as far as the policy uses them.</summary>
    /// <param name="server">The server.</param>
    /// <param name="costs">What changes of state cost.</param>
    internal SleepState[] StatesOf(IServerView server, ActionCosts costs)
    {
        double gpuIdleWatts = server.System.Gpu.Power.IdleWatts;
        int unused = server.GpuCount - server.Instances.Sum(instance => instance.System.Gpus);
        double ready = server.Instances.Sum(instance => instance.Model.LoadedIdleWatts.Middle) + (unused * gpuIdleWatts) + server.HostWatts;
        SleepState[] states =
        [
            new(ready, 0),
            new((server.GpuCount * gpuIdleWatts) + server.HostWatts, costs.WakeSeconds * ready),
            new(0, costs.StartSeconds * ready),
        ];
        return Deepest == SleepDepth.Off ? states : states[..^1];
    }

    private sealed class Controller(BreakEvenSleep sleep, ServingProfiles profiles) : IClusterPolicy
    {
        private const double CheckSeconds = 1;
        private const int Asleep = 1;
        private const int Off = 2;

        /// <summary>Time without work after which each server sleeps and switches off, in seconds.</summary>
        private double[][] entrySeconds = [];

        /// <summary>The most recent time at which each server was seen to change, in seconds from the start of the run.</summary>
        private double[] changedSeconds = [];

        /// <summary>Number of requests with which an instance has no room for another.</summary>
        private int fullRequests;

        public IReadOnlyList<double> PeriodsSeconds => [CheckSeconds];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            ServingProfile profile = profiles.OfMix(cluster.Servers[0].Instances[0].System.TensorParallelism);
            fullRequests = Math.Max(1, (int)(sleep.FullShare * profile.MeanRequests));
            changedSeconds = new double[cluster.Servers.Count];
            entrySeconds =
            [
                .. cluster.Servers.Select(server =>
                    BreakEven.EntrySeconds(sleep.StatesOf(server, cluster.Costs))),
            ];
        }

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            for (int number = sleep.ServersAlwaysOn; number < cluster.Servers.Count; number++)
            {
                IServerView server = cluster.Servers[number];
                if (server.IsChanging)
                {
                    changedSeconds[number] = cluster.NowSeconds;
                }
                else if (changedSeconds[number] == cluster.NowSeconds - CheckSeconds && server.Instances[0].State == InstanceState.Serving)
                {
                    ShareWaiting(cluster, actions);
                }

                if (server.IsOff || server.IsChanging || IdleSeconds(server, cluster.NowSeconds) is not { } idle)
                {
                    continue;
                }

                double[] entries = entrySeconds[number];
                if (entries.Length > Off && idle >= entries[Off])
                {
                    actions.PowerOff(number, $"no work for {idle:F0} s");
                }
                else if (idle >= entries[Asleep] && server.Instances[0].State == InstanceState.Serving)
                {
                    actions.Sleep(number, $"no work for {idle:F0} s");
                }
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            IInstanceView? least = null;
            foreach (IInstanceView instance in cluster.Instances)
            {
                if (!instance.Serves(request))
                {
                    continue;
                }

                if (instance.Requests < fullRequests)
                {
                    return RouteDecision.To(instance.Number);
                }

                least = least is null || instance.PredictedTokens < least.PredictedTokens ? instance : least;
            }

            Wake(cluster, actions);
            return least is null ? RouteDecision.Hold : RouteDecision.To(least.Number);
        }

        /// <summary>Routes the requests that wait anew, since a server has begun to serve.</summary>
        private static void ShareWaiting(IClusterView cluster, IClusterActions actions)
        {
            foreach (IInstanceView instance in cluster.Instances)
            {
                if (instance.PromptRequests > 0)
                {
                    actions.MoveWaiting(instance.Number, "a server has begun to serve");
                }
            }
        }

        /// <summary>How long a server has had no request, in seconds; <c>null</c> while it has one.</summary>
        private double? IdleSeconds(IServerView server, double nowSeconds)
        {
            double busy = changedSeconds[server.Number];
            foreach (IInstanceView instance in server.Instances)
            {
                if (instance.Requests > 0)
                {
                    return null;
                }

                busy = Math.Max(busy, instance.LastBusySeconds);
            }

            return nowSeconds - busy;
        }

        /// <summary>Wakes the server that is ready soonest, unless one is on its way.</summary>
        private static void Wake(IClusterView cluster, IClusterActions actions)
        {
            IServerView? soonest = null;
            foreach (IServerView server in cluster.Servers)
            {
                InstanceState state = server.Instances[0].State;
                if (state is InstanceState.Starting or InstanceState.Waking)
                {
                    return;
                }

                if (state == InstanceState.Asleep && soonest?.Instances[0].State != InstanceState.Asleep)
                {
                    soonest = server;
                }
                else if (state is InstanceState.Idle or InstanceState.Off)
                {
                    soonest ??= server;
                }
            }

            if (soonest is not null)
            {
                actions.Start(soonest.Number, "no server has room for a request");
            }
        }
    }
}

/// <summary>How deep servers without work sleep.</summary>
public enum SleepDepth
{
    /// <summary>Weights stay in the memory of the host, and the accelerators idle.</summary>
    Asleep,

    /// <summary>The server is switched off.</summary>
    Off,
}
