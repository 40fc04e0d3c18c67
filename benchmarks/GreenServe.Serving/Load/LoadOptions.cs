using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Serving.Load;

/// <summary>How a schedule is sent, and when a request is given up.</summary>
public sealed record LoadOptions
{
    /// <summary>Most requests in flight in an open loop; more wait in the client, their time there kept apart. <c>null</c> for no cap.</summary>
    [Description("Most requests in flight in an open loop; absent means no cap. Time spent waiting for a place is recorded apart.")]
    [Range(1, 1_000_000)]
    public int? MaxInFlight { get; init; }

    /// <summary>Longest wait for the first token (s).</summary>
    [Description("Longest wait for the first token of an answer in seconds.")]
    [Range(0, 86_400, MinimumIsExclusive = true)]
    public double FirstTokenSeconds { get; init; } = 300;

    /// <summary>Longest stand-still of a stream that has begun (s).</summary>
    [Description("Longest stand-still of a stream that has begun, in seconds.")]
    [Range(0, 86_400, MinimumIsExclusive = true)]
    public double StallSeconds { get; init; } = 60;

    /// <summary>Longest time from issue to end (s).</summary>
    [Description("Longest time from issue to end of a request in seconds.")]
    [Range(0, 86_400, MinimumIsExclusive = true)]
    public double RequestSeconds { get; init; } = 1800;

    /// <summary>What becomes of requests in flight when the last one has been sent.</summary>
    [Description("What becomes of requests in flight when the last one has been sent: drain or cancel.")]
    public LoadEnd End { get; init; } = LoadEnd.Drain;

    /// <summary>With <see cref="LoadEnd.Drain"/>: how long to wait for them before cancelling (s).</summary>
    [Description("With drain: seconds to wait for requests in flight before cancelling them.")]
    [Range(0, 86_400)]
    public double DrainSeconds { get; init; } = 600;

    /// <summary>Whether the record keeps the time of every token.</summary>
    [Description("Whether the record keeps the time of every token.")]
    public bool KeepsTokenTimes { get; init; }
}
