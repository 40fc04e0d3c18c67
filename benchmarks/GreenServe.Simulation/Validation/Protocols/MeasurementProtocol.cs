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
    /// <param name="requests">The number that the point states, if any.</param>
    internal ProtocolLoad LoadWith(int? requests) =>
        Load.RequestsAtOnce is null || requests is null ? Load : Load with { RequestsAtOnce = requests };

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
