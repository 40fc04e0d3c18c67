namespace GreenServe.Simulation.Control;

/// <summary>What a policy decides about a request that needs an instance.</summary>
public readonly record struct RouteDecision
{
    private RouteDecision(RouteKind kind) => Kind = kind;

    /// <summary>The router of the cluster decides.</summary>
    public static RouteDecision ByRouter { get; } = new(RouteKind.ByRouter);

    /// <summary>The request is held until an instance begins to serve or the policy acts. It is then decided upon again.</summary>
    public static RouteDecision Hold { get; } = new(RouteKind.Hold);

    /// <summary>The request goes to an instance.</summary>
    /// <param name="instance">Number of the instance, which must serve such a request now.</param>
    /// <param name="decodeInstance">
    /// Number of the instance that decodes it after its first token; <c>null</c> where the first one does, or where that is decided later.
    /// </param>
    /// <param name="rank">
    /// Place among the requests that wait at the instance: lower ranks go first, and equal ranks in the order of arrival.
    /// </param>
    /// <param name="afterSeconds">
    /// Time until the instance can begin with it, in seconds, at least 0, for example to load an adapter. The instance works meanwhile.
    /// </param>
    public static RouteDecision To(int instance, int? decodeInstance = null, long rank = 0, double afterSeconds = 0) =>
        new(RouteKind.To) { Instance = instance, DecodeInstance = decodeInstance, Rank = rank, AfterSeconds = afterSeconds };

    /// <summary>The request is rejected. It counts as refused.</summary>
    /// <param name="reason">Why, in a few words.</param>
    public static RouteDecision Reject(string reason) => new(RouteKind.Reject) { Reason = reason };

    /// <summary>The request waits outside the cluster and is decided upon again later.</summary>
    /// <param name="untilSeconds">When, in seconds from the start of the run.</param>
    /// <param name="reason">Why, in a few words.</param>
    public static RouteDecision Defer(double untilSeconds, string reason) =>
        new(RouteKind.Defer) { UntilSeconds = untilSeconds, Reason = reason };

    /// <summary>The kind of decision.</summary>
    public RouteKind Kind { get; }

    /// <summary>Number of the instance, for <see cref="RouteKind.To"/>.</summary>
    public int Instance { get; private init; }

    /// <summary>Number of the instance that decodes, for <see cref="RouteKind.To"/>; <c>null</c> where the policy chose none.</summary>
    public int? DecodeInstance { get; private init; }

    /// <summary>Place among the requests that wait at the instance, for <see cref="RouteKind.To"/>; lower goes first.</summary>
    public long Rank { get; private init; }

    /// <summary>Time until the instance can begin with the request, in seconds, for <see cref="RouteKind.To"/>.</summary>
    public double AfterSeconds { get; private init; }

    /// <summary>When a deferred request is decided upon again, in seconds from the start of the run.</summary>
    public double UntilSeconds { get; private init; }

    /// <summary>Why a request is rejected or deferred.</summary>
    public string? Reason { get; private init; }
}

/// <summary>The kinds of decision about a request.</summary>
public enum RouteKind
{
    /// <summary>The router of the cluster decides.</summary>
    ByRouter,

    /// <summary>The request goes to an instance.</summary>
    To,

    /// <summary>The request is held until the cluster changes.</summary>
    Hold,

    /// <summary>The request is rejected.</summary>
    Reject,

    /// <summary>The request waits until a time.</summary>
    Defer,
}
