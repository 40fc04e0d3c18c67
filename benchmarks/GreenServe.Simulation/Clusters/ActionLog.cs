using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters;

/// <summary>Every decision of a policy, with its reason and its effect.</summary>
/// <param name="cluster">The cluster, which tells the time.</param>
internal sealed class ActionLog(ClusterState cluster)
{
    private readonly List<LoggedAction> log = [];

    /// <summary>Number of decisions that changed something.</summary>
    internal long Accepted { get; private set; }

    /// <summary>Every decision, in the order in which they were made.</summary>
    internal IReadOnlyList<ControlAction> Actions => [.. log.Select(action => action.Known)];

    /// <summary>Keeps a decision that is carried out.</summary>
    internal LoggedAction Accept(ActionKind kind, int? server, int? instance, string setting, string reason)
    {
        LoggedAction action = new(cluster.NowSeconds, kind, server, instance, setting, reason);
        log.Add(action);
        Accepted++;
        return action;
    }

    /// <summary>Keeps a decision that the cluster cannot carry out.</summary>
    /// <returns><c>false</c>.</returns>
    internal bool Refuse(ActionKind kind, int? server, int? instance, string setting, string reason, string refusal)
    {
        log.Add(new LoggedAction(cluster.NowSeconds, kind, server, instance, setting, reason) { Refusal = refusal });
        return false;
    }

    /// <summary>Keeps a decision about one request.</summary>
    internal void Note(ActionKind kind, long request, string reason, int? instance = null, string? refusal = null) =>
        log.Add(new LoggedAction(cluster.NowSeconds, kind, null, instance, FormattableString.Invariant($"request {request}"), reason)
        {
            Refusal = refusal,
            EffectiveSeconds = refusal is null ? cluster.NowSeconds : null,
        });
}
