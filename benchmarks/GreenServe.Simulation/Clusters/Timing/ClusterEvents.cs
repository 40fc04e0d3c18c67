using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters.Timing;

/// <summary>What is to happen in a cluster at known times, other than the work of its instances.</summary>
internal sealed class ClusterEvents
{
    private readonly PriorityQueue<ClusterEvent, (double Seconds, ClusterEventKind Kind, int Number, long Order)> queue = new();
    private long order;

    /// <summary>Time of the next event, in seconds from the start of the run; infinite when there is none.</summary>
    internal double NextSeconds => queue.TryPeek(out _, out (double Seconds, ClusterEventKind, int, long) first)
        ? first.Seconds
        : double.PositiveInfinity;

    /// <summary>Number of events that are more than an observation: something in the cluster may change without a decision.</summary>
    internal int Pending { get; private set; }

    /// <summary>Adds an event. Those of one moment come in the order of their kinds, then of their numbers, then of their adding.</summary>
    internal void Add(double seconds, in ClusterEvent item)
    {
        queue.Enqueue(item, (seconds, item.Kind, item.Number, order++));
        Pending += item.IsObservation ? 0 : 1;
    }

    /// <summary>Takes the next event. There must be one.</summary>
    internal ClusterEvent Take()
    {
        ClusterEvent item = queue.Dequeue();
        Pending -= item.IsObservation ? 0 : 1;
        return item;
    }

    /// <summary>The requests that wait outside the cluster or for what they need on an instance, in the order of their times.</summary>
    internal IEnumerable<SimulatedRequest> Deferred => queue.UnorderedItems
        .Where(item => item.Element.Request is not null)
        .OrderBy(item => item.Priority.Seconds).ThenBy(item => item.Priority.Order)
        .Select(item => item.Element.Request!);
}

/// <summary>Something that is to happen in a cluster.</summary>
/// <param name="Kind">What is to happen.</param>
/// <param name="Number">Number of the change, the instance or the control loop that it concerns; 0 for others.</param>
internal readonly record struct ClusterEvent(ClusterEventKind Kind, int Number = 0)
{
    /// <summary>What to carry out, for a command.</summary>
    internal Action<double>? Command { get; init; }

    /// <summary>The request that has waited outside the cluster, or for what it needs on its instance.</summary>
    internal SimulatedRequest? Request { get; init; }

    /// <summary>Whether the event by itself changes nothing.</summary>
    internal bool IsObservation => Kind == ClusterEventKind.Tick;
}

/// <summary>The kinds of events, in the order in which those of one moment happen.</summary>
internal enum ClusterEventKind
{
    /// <summary>An action of the operator, which the cluster file states.</summary>
    Change,

    /// <summary>The end of a start, a re-partition or a wake-up.</summary>
    Ready,

    /// <summary>The arrival of a policy's command.</summary>
    Command,

    /// <summary>The end of a deferral.</summary>
    Deferral,

    /// <summary>The moment from which on an instance can begin with a request.</summary>
    Begin,

    /// <summary>A tick of a control loop.</summary>
    Tick,
}
