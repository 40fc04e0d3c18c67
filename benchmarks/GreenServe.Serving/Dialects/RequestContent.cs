using GreenServe.Workloads.Datasets;

namespace GreenServe.Serving.Dialects;

/// <summary>The content of a request's body, which is the same in every dialect.</summary>
internal readonly record struct RequestContent
{
    /// <summary>Name of the model.</summary>
    internal required string Model { get; init; }

    /// <summary>Whether the request goes to the chat endpoint.</summary>
    internal required bool IsChat { get; init; }

    /// <summary>The prompt as token ids; <c>null</c> for a prompt that is text.</summary>
    internal ReadOnlyMemory<int>? TokenIds { get; init; }

    /// <summary>The prompt as text; <c>null</c> for a prompt that is token ids.</summary>
    internal string? Text { get; init; }

    /// <summary>The conversation whose messages a chat holds; <c>null</c> for a chat of one message, which is <see cref="Text"/>.</summary>
    internal Conversation? Conversation { get; init; }

    /// <summary>Number of messages of <see cref="Conversation"/> that are sent.</summary>
    internal int Messages { get; init; }

    /// <summary>What the user changes in the body.</summary>
    internal required BodyMembers Members { get; init; }

    /// <summary>How the server draws tokens.</summary>
    internal required SamplingOptions Sampling { get; init; }

    /// <summary>Whether the length goes into <c>max_completion_tokens</c> and not into <c>max_tokens</c>.</summary>
    internal bool LimitsCompletion { get; init; }

    /// <summary>Output length to ask for (tokens).</summary>
    internal required int OutputTokens { get; init; }

    /// <summary>Whether the output must have exactly that length. Otherwise it is a maximum.</summary>
    internal required bool FixesOutput { get; init; }
}
