using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.OpenAi;

/// <summary>The facts that are known about a server before the run.</summary>
public sealed record ServerDescription
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The server's dialect.</summary>
    public required DialectName Dialect { get; init; }

    /// <summary>
    /// Whether the server says that it only simulates. Its latencies then measure no hardware, and the run is recorded as simulated.
    /// </summary>
    /// <value><c>false</c>.</value>
    public bool IsSimulated { get; init; }

    /// <summary>Whether the server says that it is the built-in engine, which speaks vLLM's dialect.</summary>
    /// <value><c>false</c>.</value>
    public bool IsBuiltInEngine { get; init; }

    /// <summary>Version of the server, in its own words.</summary>
    /// <value><c>null</c>: the server does not tell.</value>
    public string? Version { get; init; }

    /// <summary>Longest context of the server (tokens); <c>null</c> where it is not known.</summary>
    /// <value><c>null</c>: the server does not tell.</value>
    public int? ContextTokens { get; init; }

    /// <summary>The models that the server lists and that are not <see cref="Model"/>.</summary>
    /// <value><c>null</c>: the server lists that model, or none.</value>
    internal string? OtherModels { get; init; }

    /// <summary>Whether prompts are sent as token ids, whose number is exact.</summary>
    /// <value><c>false</c>: as text.</value>
    public bool SendsTokenIds { get; init; }

    /// <summary>Whether every output must have exactly the length that was asked for. Otherwise that length is only a maximum.</summary>
    /// <value><c>false</c>.</value>
    public bool FixesOutput { get; init; }

    /// <summary>Whether requests go to the chat endpoint.</summary>
    /// <value><c>false</c>: to the completions endpoint.</value>
    public bool IsChat { get; init; }

    /// <summary>Whether the length of an output is asked for as <c>max_completion_tokens</c>.</summary>
    /// <value><c>false</c>: as <c>max_tokens</c>.</value>
    public bool LimitsCompletion { get; init; }

    /// <summary>Smallest token id in prompts.</summary>
    /// <value>0.</value>
    public int LowestTokenId { get; init; }

    /// <summary>Upper bound of the token ids in prompts: all are below it.</summary>
    /// <value>30,000, which every common vocabulary exceeds.</value>
    public int EndTokenId { get; init; } = UsualVocabularyEnd;

    /// <summary>How the server counts the words of a text prompt.</summary>
    /// <value><see cref="OpenAi.TextLength.Plain"/>.</value>
    public TextLength TextLength { get; init; } = TextLength.Plain;

    /// <summary>Number that makes the prompts of this run differ from those of every other run.</summary>
    /// <value>0.</value>
    public ulong Salt { get; init; }

    /// <summary>End of the token ids of a server that does not tell the size of its vocabulary.</summary>
    internal const int UsualVocabularyEnd = 30_000;
}
