using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.OpenAi;

/// <summary>Where and how to reach an OpenAI-compatible server.</summary>
public sealed record OpenAiOptions
{
    /// <summary>Root of the server, for example <c>http://127.0.0.1:8000/</c>; a trailing <c>/v1</c> is understood.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Name of the model; <c>null</c> takes the only or first one the server lists.</summary>
    public string? Model { get; init; }

    /// <summary>The server's dialect; <c>null</c> finds it out.</summary>
    public DialectName? Dialect { get; init; }

    /// <summary>Whether requests go to the chat endpoint.</summary>
    public bool IsChat { get; init; }

    /// <summary>Whether prompts are text even where token ids would do.</summary>
    public bool SendsText { get; init; }

    /// <summary>Whether exactly the output length asked for is wanted, as far as the dialect can say so.</summary>
    public bool FixesOutput { get; init; } = true;

    /// <summary>Key sent as a bearer token; <c>null</c> for none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Whether to speak HTTP/2, in the clear where the endpoint is <c>http</c>.</summary>
    public bool UsesHttp2 { get; init; }

    /// <summary>Longest wait for a connection (s).</summary>
    public double ConnectSeconds { get; init; } = 10;

    /// <summary>Threads that read responses, at least 1. One reads some 200,000 chunks a second.</summary>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount / 8, 1, 8);

    /// <summary>Smallest token id sent; ids below are often special tokens.</summary>
    public int LowestTokenId { get; init; } = 1000;

    /// <summary>Token ids are below this; <c>null</c> for the server's vocabulary if it tells, else 30000.</summary>
    public int? EndTokenId { get; init; }

    /// <summary>Seed of the workload.</summary>
    public ulong Seed { get; init; }

    /// <summary>Makes this run's prompts differ from every other run's; <c>null</c> draws one.</summary>
    public ulong? Salt { get; init; }
}
