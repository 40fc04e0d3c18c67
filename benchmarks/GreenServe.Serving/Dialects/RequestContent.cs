namespace GreenServe.Serving.Dialects;

/// <summary>What a request body has to say, whatever the dialect.</summary>
internal readonly record struct RequestContent
{
    /// <summary>Name of the model.</summary>
    internal required string Model { get; init; }

    /// <summary>Whether it goes to the chat endpoint.</summary>
    internal required bool IsChat { get; init; }

    /// <summary>Prompt as token ids; <c>null</c> when it is text.</summary>
    internal ReadOnlyMemory<int>? TokenIds { get; init; }

    /// <summary>Prompt as text; <c>null</c> when it is token ids.</summary>
    internal string? Text { get; init; }

    /// <summary>Output length (tokens).</summary>
    internal required int OutputTokens { get; init; }

    /// <summary>Whether exactly that many are wanted.</summary>
    internal required bool FixesOutput { get; init; }
}
