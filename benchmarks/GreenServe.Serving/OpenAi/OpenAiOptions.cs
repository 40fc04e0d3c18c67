using System.Text;
using GreenServe.Records.Http;
using GreenServe.Serving.Dialects;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>The address of an OpenAI-compatible server and the way to send requests to it.</summary>
public sealed record OpenAiOptions
{
    /// <summary>One reading thread is started for this many cores. A thread reads about 200,000 chunks a second.</summary>
    private const int CoresPerReader = 8;

    /// <summary>Default limit of the reading threads: together they read about 1.6 million chunks a second.</summary>
    private const int MaxDefaultReaders = 8;

    /// <summary>
    /// Root of the server, for example <c>http://127.0.0.1:8000/</c>. A trailing <c>/v1</c> is accepted and has no effect. A query is
    /// sent with every path, and hidden in every message.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Roots of further servers with the same model, among which requests are spread.</summary>
    /// <value>Empty: <see cref="Endpoint"/> gets every request.</value>
    public IReadOnlyList<Uri> FurtherEndpoints { get; init; } = [];

    /// <summary>How requests are spread over the endpoints.</summary>
    /// <value><see cref="EndpointBalance.RoundRobin"/>.</value>
    public EndpointBalance Balance { get; init; }

    /// <summary>Name of the model.</summary>
    /// <value><c>null</c>: the first model that the server lists.</value>
    public string? Model { get; init; }

    /// <summary>The server's dialect.</summary>
    /// <value><c>null</c>: found out from the server's model list.</value>
    public DialectName? Dialect { get; init; }

    /// <summary>Whether requests go to the chat endpoint.</summary>
    /// <value><c>false</c>: to the completions endpoint.</value>
    public bool IsChat { get; init; }

    /// <summary>Whether prompts are sent as text even where the server accepts token ids.</summary>
    /// <value><c>false</c>.</value>
    public bool SendsText { get; init; }

    /// <summary>Whether each output must have exactly the length asked for, as far as the dialect can demand it.</summary>
    /// <value><c>true</c>.</value>
    public bool FixesOutput { get; init; } = true;

    /// <summary>
    /// Whether a response whose tokens the server does not count is measured by its events with text. Otherwise it is of a wrong length.
    /// </summary>
    /// <value><c>false</c>.</value>
    public bool CountsEvents { get; init; }

    /// <summary>Key that is sent to the endpoint as a bearer token.</summary>
    /// <value><c>null</c>: no key.</value>
    public Secret? ApiKey { get; init; }

    /// <summary>Headers that are sent with every request.</summary>
    /// <value>Empty.</value>
    public IReadOnlyList<SecretHeader> Headers { get; init; } = [];

    /// <summary>What the user changes in the body of each request.</summary>
    /// <value><see cref="BodyMembers.Unchanged"/>.</value>
    public BodyMembers Members { get; init; } = BodyMembers.Unchanged;

    /// <summary>How the server draws tokens.</summary>
    /// <value>The most likely token.</value>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The adapters that requests ask for in place of the model.</summary>
    /// <value><c>null</c>: every request asks for the model.</value>
    public AdapterMix? Adapters { get; init; }

    /// <summary>Certificates for connections with TLS.</summary>
    /// <value><c>null</c>: the authorities of this system are trusted, and the client has no certificate.</value>
    public TlsOptions? Tls { get; init; }

    /// <summary>Whether to speak HTTP/2. With an <c>http</c> endpoint it is HTTP/2 without encryption and without negotiation.</summary>
    /// <value><c>false</c>: HTTP/1.1.</value>
    public bool UsesHttp2 { get; init; }

    /// <summary>Longest wait for a connection (s), above 0.</summary>
    /// <value>10 s.</value>
    public double ConnectSeconds { get; init; } = 10;

    /// <summary>Longest wait until the server is ready (s), at least 0. At 0 the first answer must be a good one.</summary>
    /// <value>0 s.</value>
    public double ReadySeconds { get; init; }

    /// <summary>Number of threads that read responses, at least 1.</summary>
    /// <value>One for every eight cores, at least 1 and at most 8.</value>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount / CoresPerReader, 1, MaxDefaultReaders);

    /// <summary>Smallest token id in prompts. Lower ids are often special tokens.</summary>
    /// <value>1000, or half of the vocabulary where that is less.</value>
    public int LowestTokenId { get; init; } = 1000;

    /// <summary>Upper bound of the token ids in prompts: all are below it.</summary>
    /// <value><c>null</c>: the server's vocabulary size where it tells one, else 30,000.</value>
    public int? EndTokenId { get; init; }

    /// <summary>Seed of the workload, from which the prompts follow.</summary>
    /// <value>0.</value>
    public ulong Seed { get; init; }

    /// <summary>Number that makes the prompts of this run differ from those of every other run.</summary>
    /// <value><c>null</c>: a random number.</value>
    public ulong? Salt { get; init; }

    /// <summary>
    /// The clock of time limits before the run and of the warm-up. Receipt times do not depend on it: they are always time stamps of the
    /// system's monotonic clock.
    /// </summary>
    /// <value>The system's clock.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether it is found out before the run how the server counts words, so that generated prompts have the length asked for. The texts
    /// of a dataset have the length that they have.
    /// </summary>
    /// <value><c>true</c>.</value>
    internal bool LearnsTextLength { get; init; } = true;

    /// <summary>Whether responses are read where their bytes lie, which this suite does for HTTP/1.1 without TLS.</summary>
    /// <value>Wherever that is what the server is asked for, and the key has no letter that .NET's client would refuse to send.</value>
    internal bool ReadsDirectly
    {
        get => field && Endpoint.Scheme == Uri.UriSchemeHttp && !UsesHttp2 && (ApiKey is null || Ascii.IsValid(ApiKey.Reveal()));
        init;
    } = true;

    /// <summary>
    /// How requests differ from those that the suite sends by itself, as one text that stands for it; <c>null</c> if they do not. It may
    /// hold secrets, and is compared only as a hash. The values of headers are not in it: a key may change between two runs.
    /// </summary>
    public string? RequestsIdentity
    {
        get
        {
            IEnumerable<string> names = Headers.Select(header => header.Name.ToUpperInvariant()).Order(StringComparer.Ordinal);
            string?[] parts =
            [
                Headers.Count == 0 ? null : $"headers {string.Join(',', names)}",
                Members.IsUnchanged ? null : $"body {Members.Identity}",
                Sampling == new SamplingOptions() ? null : $"sampling {Sampling}",
                Adapters is null ? null : FormattableString.Invariant($"adapters {string.Join(',', Adapters.Names)} {Adapters.Exponent:R}"),
                FurtherEndpoints.Count == 0 ? null : $"endpoints {Balance} {string.Join(' ', FurtherEndpoints)}",
                Tls is null ? null : $"tls {Tls.Identity}",
            ];
            string identity = string.Join('\n', parts.OfType<string>());
            return identity.Length > 0 ? identity : null;
        }
    }

    /// <summary>
    /// The options as a schedule needs them. Chats go to the chat endpoint, the prompts of a dataset are sent as text, and natural outputs
    /// may end before the length asked for.
    /// </summary>
    /// <param name="schedule">The schedule that is sent.</param>
    public OpenAiOptions For(RequestSchedule schedule) => this with
    {
        IsChat = IsChat || schedule.HasChats,
        SendsText = SendsText || schedule.HasEstimatedInputs,
        FixesOutput = FixesOutput && !schedule.HasNaturalOutputs,
        LearnsTextLength = !schedule.HasEstimatedInputs,
    };

    /// <summary>Hides the key, the values of headers and the endpoint's query in a text that may repeat what was sent.</summary>
    /// <param name="text">The text. Where it was cut, an ellipsis stands: a secret may begin before it.</param>
    internal string Redact(string text)
    {
        string[] secrets =
        [
            .. ApiKey?.Texts ?? [],
            .. Headers.Where(header => !header.Value.IsShort).SelectMany(header => header.Value.Texts),
            .. HttpAddress.SecretsOf(Endpoint),
        ];
        string redacted = HttpAddress.WithoutQueryOf(CutSecret.Hide(text, secrets), Endpoint);
        redacted = ApiKey?.Redact(redacted) ?? redacted;
        return Headers.Aggregate(redacted, (shown, header) => header.Value.RedactWhole(shown));
    }
}
