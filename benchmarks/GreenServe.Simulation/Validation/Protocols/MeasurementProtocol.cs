using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>
/// How a source measured its points: which engine served, how requests arrived, how the engine was set, and which averages over which part
/// of the run were published. A point is simulated as it was measured.
/// </summary>
public sealed record MeasurementProtocol : IChecked
{
    /// <summary>Name of the protocol, for example <c>ml-energy-v3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the protocol was read, and what of it is inferred.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the engine profile that stands for the stack.</summary>
    public required string Engine { get; init; }

    /// <summary>The points that were measured in this way. A point that names a protocol needs none.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<ProtocolScope> AppliesTo { get; init; } = [];

    /// <summary>How the requests arrive.</summary>
    /// <value>Default: equal requests of users who are out of step.</value>
    public ProtocolLoad Load { get; init; } = new();

    /// <summary>Settings of the engine. Each entry whose conditions hold replaces what the entries before it set.</summary>
    /// <value>Default: none, so that the engine profile decides.</value>
    public IReadOnlyList<ProtocolSettings> Settings { get; init; } = [];

    /// <summary>The average that is published as the time between tokens.</summary>
    /// <value>Default: the mean over requests of their mean gaps.</value>
    public TokenGapAverage TokenGap { get; init; } = TokenGapAverage.MeanOfRequests;

    /// <summary>The part of the run that throughput, power and energy are counted in.</summary>
    /// <value>Default: while all users are served.</value>
    public PublishedWindow Window { get; init; } = PublishedWindow.Steady;

    /// <summary>The load of a point: with the number of requests that the point states, or that of its source.</summary>
    internal ProtocolLoad LoadOf(MeasuredPoint point) =>
        Load.RequestsAtOnce is null || point.Requests is null ? Load : Load with { RequestsAtOnce = point.Requests };

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        for (int index = 0; index < AppliesTo.Count; index++)
        {
            if (AppliesTo[index] is { Source: null, Stack: null })
            {
                yield return new Problem($"$.applies_to[{index}]", "no source and no stack", "at least one of source and stack");
            }
        }

        for (int index = 0; index < Settings.Count; index++)
        {
            ProtocolSettings settings = Settings[index];
            int ways = new object?[] { settings.StepTokens, settings.StepTokensBeyondInput, settings.StepTokensBeyondRequest }
                .Count(value => value is not null);
            if (ways > 1)
            {
                yield return new Problem(
                    $"$.settings[{index}]",
                    $"{ways} of step_tokens, step_tokens_beyond_input and step_tokens_beyond_request",
                    "at most one of them");
            }
        }
    }
}

/// <summary>Points that a protocol applies to. All parts that are given must hold.</summary>
public sealed record ProtocolScope
{
    /// <summary>Beginning of the points' source; <c>null</c> for any.</summary>
    public string? Source { get; init; }

    /// <summary>Beginning of the points' stack; <c>null</c> for any.</summary>
    public string? Stack { get; init; }

    /// <summary>Whether a point is among them.</summary>
    internal bool Contains(MeasuredPoint point) =>
        (Source is null || point.Source.StartsWith(Source, StringComparison.OrdinalIgnoreCase))
        && (Stack is null || (point.Stack?.StartsWith(Stack, StringComparison.OrdinalIgnoreCase) ?? false));
}

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

    /// <summary>Mean length of the prompts where a point states none, in tokens, from 1 to 1048576; <c>null</c> if it is not known.</summary>
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

/// <summary>The average that a source publishes as its time between tokens.</summary>
public enum TokenGapAverage
{
    /// <summary>Mean over the requests of the mean time between their tokens.</summary>
    MeanOfRequests,

    /// <summary>Mean of all gaps between two tokens.</summary>
    MeanOfGaps,

    /// <summary>Median of all gaps between two tokens.</summary>
    MedianOfGaps,

    /// <summary>Mean over the steps that give tokens, whatever the number of their sequences.</summary>
    MeanOfSteps,
}

/// <summary>The part of a run that a source counts throughput, power and energy in.</summary>
public enum PublishedWindow
{
    /// <summary>From the moment when every user has completed one request to the last request sent.</summary>
    Steady,

    /// <summary>From the first request to the end of the last.</summary>
    WholeRun,

    /// <summary>From the first request to the moment when the last waiting request is admitted.</summary>
    UntilQueueIsEmpty,
}
