using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>The requests of a published measurement.</summary>
public sealed record ProtocolLoad
{
    /// <summary>How the lengths of prompts and outputs spread.</summary>
    /// <value>Default: all requests are equal.</value>
    public LengthSpread Lengths { get; init; } = LengthSpread.Equal;

    /// <summary>Shortest length of <see cref="LengthSpread.Uniform"/> lengths, as a share of the longest, in (0, 1].</summary>
    /// <value>Default 0.8.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ShortestRatio { get; init; } = 0.8;

    /// <summary>
    /// Mean length of the prompts where a point states none, in tokens, from 1 to 1048576; <c>null</c> if it is not known.
    /// </summary>
    [Range(1, 1048576)]
    public double? InputTokens { get; init; }

    /// <summary>How users begin.</summary>
    /// <value>Default: out of step, as in a benchmark that has run for a while.</value>
    public UserStart Start { get; init; } = UserStart.OutOfStep;

    /// <summary>Number of requests of each user, from 1 to 1000.</summary>
    /// <value>Default 10.</value>
    [Range(1, 1000)]
    public int Rounds { get; init; } = 10;

    /// <summary>
    /// Number of requests that are all sent at once for a point whose load is a mean batch, from 1 to 100000; <c>null</c> where that many
    /// users send one after another. There are always at least half as many requests again as the batch holds.
    /// </summary>
    [Range(1, 100_000)]
    public int? RequestsAtOnce { get; init; }
}

/// <summary>How lengths of requests spread.</summary>
public enum LengthSpread
{
    /// <summary>All requests have the same lengths.</summary>
    Equal,

    /// <summary>Prompts and outputs are spread evenly between a share of the stated length and the stated length.</summary>
    Uniform,

    /// <summary>Chat messages: prompts are lognormal, and outputs are even between a fifth and nine fifths of their mean.</summary>
    Chat,
}

/// <summary>How the users of a closed loop begin.</summary>
public enum UserStart
{
    /// <summary>Users begin within a request, each at another place of it. The first requests are cut for that.</summary>
    OutOfStep,

    /// <summary>All users send their first request at the same moment.</summary>
    Together,
}
