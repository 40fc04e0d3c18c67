using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.Streams;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>Asks a server what it is, before the run.</summary>
/// <param name="client">The client whose base address is the root of the server.</param>
/// <param name="options">What the user said of the server.</param>
internal sealed class ServerProbe(HttpClient client, OpenAiOptions options)
{
    /// <summary>Words of the shorter and of the longer prompt, whose token counts give the slope and the offset of a line.</summary>
    private const int FewWords = 64;
    private const int ManyWords = 512;

    /// <summary>Pairs of prompts, over which the counts are averaged because words differ in length.</summary>
    private const int ProbePairs = 4;

    /// <summary>Number of the first request of a probe, far above those of any schedule, so that no prompt is sent twice.</summary>
    private const int ProbeIdsFrom = 1_000_000_000;

    /// <summary>The value of <c>owned_by</c> that marks the built-in simulated server.</summary>
    private const string SimulatedOwner = "greenserve-simulated";

    /// <summary>Longest wait for one answer: the first request to a server may have to compile kernels.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Describes the server from its model list, its version and, where prompts are text, a few first requests.</summary>
    /// <exception cref="UnavailableException">The server cannot be reached or does not serve the model.</exception>
    internal async Task<ServerDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        JsonArray models = await ReadModelsAsync(cancellationToken).ConfigureAwait(false);
        JsonNode? model = Choose(models);
        DialectName name = options.Dialect ?? GuessDialect(model);
        Dialect dialect = DialectCatalog.Find(name);
        bool sendsTokenIds = dialect.AcceptsTokenIds && !options.IsChat && !options.SendsText;
        int? vocabulary = NumberOf(model, "vocabulary_size");
        int end = options.EndTokenId ?? vocabulary ?? ServerDescription.UsualVocabularyEnd;
        ServerDescription server = new()
        {
            Model = options.Model ?? TextOf(model, "id")!,
            Dialect = name,
            IsSimulated = TextOf(model, "owned_by") == SimulatedOwner,
            Version = await ReadVersionAsync(cancellationToken).ConfigureAwait(false),
            ContextTokens = NumberOf(model, "max_model_len"),
            SendsTokenIds = sendsTokenIds,
            FixesOutput = options.FixesOutput && dialect.CanFixOutput,
            LowestTokenId = Math.Min(options.LowestTokenId, end / 2),
            EndTokenId = end,
            Salt = options.Salt ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        };
        return sendsTokenIds
            ? server
            : server with { TextLength = await LearnTextLengthAsync(server, cancellationToken).ConfigureAwait(false) };
    }

    private async Task<JsonArray> ReadModelsAsync(CancellationToken cancellationToken)
    {
        (HttpStatusCode status, string text) = await GetAsync("v1/models", cancellationToken).ConfigureAwait(false);
        if (status != HttpStatusCode.OK)
        {
            // Some servers have no model list. The user must then have given the name of the model.
            return options.Model is not null && status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
                ? []
                : throw new UnavailableException(
                    Redact($"{client.BaseAddress}: v1/models answered {(int)status}: {ErrorText.Clean(text)}"));
        }

        try
        {
            return JsonNode.Parse(text)?["data"] as JsonArray ?? [];
        }
        catch (JsonException)
        {
            throw new UnavailableException(Redact($"{client.BaseAddress}: v1/models is not JSON: {ErrorText.Clean(text)}"));
        }
    }

    private JsonNode? Choose(JsonArray models)
    {
        if (options.Model is { } wanted)
        {
            JsonNode? found = models.FirstOrDefault(candidate => TextOf(candidate, "id") == wanted);
            return found is not null || models.Count == 0
                ? found
                : throw new UnavailableException($"The server does not serve {wanted}; it has {Names(models)}.");
        }

        return models.FirstOrDefault(candidate => TextOf(candidate, "id") is not null)
            ?? throw new UnavailableException("The server lists no model: give its name with --model.");
    }

    private async Task<string?> ReadVersionAsync(CancellationToken cancellationToken)
    {
        (HttpStatusCode status, string text) = await GetAsync("version", cancellationToken).ConfigureAwait(false);
        try
        {
            return status == HttpStatusCode.OK && TextOf(JsonNode.Parse(text), "version") is { } version ? ErrorText.Clean(version) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Sends prompts of known numbers of words and fits a line through the server's own counts. A server that counts nothing is taken to
    /// count a token a word; the run is then marked with <c>input-lengths-unknown</c>.
    /// </summary>
    private async Task<TextLength> LearnTextLengthAsync(ServerDescription server, CancellationToken cancellationToken)
    {
        await using OpenAiBackend backend = OpenAiBackend.For(options, server);
        int? few = 0;
        int? many = 0;
        for (int pair = 0; pair < ProbePairs; pair++)
        {
            few += await CountAsync(backend, pair, FewWords, cancellationToken).ConfigureAwait(false);
            many += await CountAsync(backend, pair, ManyWords, cancellationToken).ConfigureAwait(false);
        }

        return few is { } fewTokens && many is { } manyTokens
            ? TextLength.Through(FewWords, (double)fewTokens / ProbePairs, ManyWords, (double)manyTokens / ProbePairs) ?? TextLength.Plain
            : TextLength.Plain;
    }

    /// <summary>Sends one prompt and returns the server's count of it; <c>null</c> where it does not count.</summary>
    private async Task<int?> CountAsync(OpenAiBackend backend, int pair, int words, CancellationToken cancellationToken)
    {
        ScheduledRequest probe = new(ProbeIdsFrom + (pair * (ManyWords + 1)) + words, 0, default(RequestClass), words, OutputTokens: 1);
        using CancellationTokenSource timeout = new(Limit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        RequestTrace trace = new(probe, options.Time.GetTimestamp(), options.Time);
        await backend.ServeAsync(backend.Prepare(probe), trace, limit.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return trace.Status is RequestStatus.Completed or RequestStatus.WrongLength
            ? trace.InputTokens
            : throw new UnavailableException($"A first request failed: {trace.Error}");
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string path, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Limit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), limit.Token).ConfigureAwait(false);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            (_, string message) = FailureCategory.Of(exception, cancelReason: null);
            throw new UnavailableException(Redact($"{client.BaseAddress} cannot be reached: {ErrorText.Clean(message)}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException($"{client.BaseAddress} did not answer within {Limit.TotalSeconds} s.");
        }
    }

    /// <summary>Guesses the dialect from what the server writes into <c>owned_by</c>.</summary>
    private static DialectName GuessDialect(JsonNode? model) => TextOf(model, "owned_by") switch
    {
        "vllm" or "greenserve" or SimulatedOwner => DialectName.Vllm,
        "sglang" => DialectName.Sglang,
        "tensorrt_llm" => DialectName.TensorRtLlm,
        "llamacpp" => DialectName.LlamaCpp,
        "library" => DialectName.Ollama,
        _ => DialectName.OpenAi,
    };

    private static string Names(JsonArray models) =>
        ErrorText.Clean(string.Join(", ", models.Select(candidate => TextOf(candidate, "id"))));

    private static string? TextOf(JsonNode? node, string name) =>
        node is JsonObject members && members[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static int? NumberOf(JsonNode? node, string name) =>
        node is JsonObject members && members[name] is JsonValue value && value.TryGetValue(out int number) ? number : null;

    private string Redact(string text) => options.ApiKey?.Redact(text) ?? text;
}
