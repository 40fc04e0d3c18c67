using System.ComponentModel.DataAnnotations;

namespace GreenServe.Serving.Load;

/// <summary>How a schedule is sent, and when a request is given up.</summary>
public sealed record LoadOptions
{
    /// <summary>
    /// Maximum number of requests in flight in an open loop, 1 to 1,000,000. Further requests wait in the client. The record keeps the
    /// time of that wait apart from all latencies. A closed loop ignores this value: its users are its limit.
    /// </summary>
    /// <value><c>null</c>: no maximum.</value>
    [Range(1, 1_000_000)]
    public int? MaxInFlight { get; init; }

    /// <summary>Longest wait for the first token of a response, above 0 to 86,400 s. The request is then given up as timed out.</summary>
    /// <value>300 s.</value>
    [Range(0, 86_400, MinimumIsExclusive = true)]
    public double FirstTokenSeconds { get; init; } = 300;

    /// <summary>
    /// Longest time without a byte in a response that has begun, above 0 to 86,400 s. The request is then given up as timed out.
    /// </summary>
    /// <value>60 s.</value>
    [Range(0, 86_400, MinimumIsExclusive = true)]
    public double StallSeconds { get; init; } = 60;

    /// <summary>
    /// Longest time from the issue of a request to its end, above 0 to 86,400 s. The request is then given up as timed out.
    /// </summary>
    /// <value>1800 s.</value>
    [Range(0, 86_400, MinimumIsExclusive = true)]
    public double RequestSeconds { get; init; } = 1800;

    /// <summary>How requests in flight are treated when the last request has been sent.</summary>
    /// <value><see cref="LoadEnd.Drain"/>.</value>
    public LoadEnd End { get; init; } = LoadEnd.Drain;

    /// <summary>
    /// Longest wait for the requests in flight before they are cancelled, 0 to 86,400 s. Only <see cref="LoadEnd.Drain"/> uses it.
    /// </summary>
    /// <value>600 s.</value>
    [Range(0, 86_400)]
    public double DrainSeconds { get; init; } = 600;

    /// <summary>Whether the record keeps the time of every token (<c>tokens.csv</c>).</summary>
    /// <value><c>false</c>.</value>
    public bool KeepsTokenTimes { get; init; }
}

/// <summary>How requests in flight are treated when the last request has been sent.</summary>
public enum LoadEnd
{
    /// <summary>
    /// The client waits for them. The measurement window has ended before, so that the falling load changes no figure.
    /// </summary>
    Drain,

    /// <summary>The client cancels them and records them as cancelled.</summary>
    Cancel,
}
