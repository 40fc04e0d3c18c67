using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.OpenAi;

/// <summary>Asks a server what it is, before the run.</summary>
/// <param name="connections">The connections to the server.</param>
/// <param name="options">What the user said of the server.</param>
/// <remarks>
/// The model list is advice where the user has named the model: many servers have none, refuse it, or list other names than they serve.
/// The first request decides then.
/// </remarks>
internal sealed class ServerProbe(HttpConnections connections, OpenAiOptions options)
{
    /// <summary>The value of <c>owned_by</c> that marks the built-in simulated server.</summary>
    private const string SimulatedOwner = "greenserve-simulated";

    /// <summary>The value of <c>owned_by</c> that marks the built-in engine.</summary>
    private const string EngineOwner = "greenserve";

    /// <summary>Longest wait for one answer: a server may still be loading its model.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly JsonDocumentOptions Json = new() { AllowDuplicateProperties = false };
    private readonly List<string> notices = [];

    /// <summary>What the user should know of the server, one sentence each; empty before <see cref="DescribeAsync"/>.</summary>
    internal IReadOnlyList<string> Notices => notices;

    /// <summary>Describes the server from its model list, its version and, where it is not a built-in one, its first answers.</summary>
    /// <exception cref="UnavailableException">The server cannot be reached or does not serve the model.</exception>
    internal async Task<ServerDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        JsonArray models = await ReadModelsAsync(cancellationToken).ConfigureAwait(false);
        JsonNode? model = Choose(models);
        CheckAdapters(models);
        string? owner = TextOf(model ?? models.FirstOrDefault(), "owned_by");
        DialectName name = options.Dialect ?? DialectOf(owner);
        Dialect dialect = DialectCatalog.Find(name);
        int? vocabulary = NumberOf(model, "vocabulary_size");
        int end = options.EndTokenId ?? vocabulary ?? ServerDescription.UsualVocabularyEnd;
        ServerDescription server = new()
        {
            Model = options.Model ?? TextOf(model, "id")!,
            Dialect = name,
            IsSimulated = owner == SimulatedOwner,
            IsBuiltInEngine = owner == EngineOwner,
            Version = await ReadVersionAsync(cancellationToken).ConfigureAwait(false),
            ContextTokens = NumberOf(model, "max_model_len"),
            OtherModels = model is null && models.Count > 0 ? Names(models) : null,
            IsChat = options.IsChat,
            SendsTokenIds = dialect.AcceptsTokenIds && !options.IsChat && !options.SendsText,
            FixesOutput = options.FixesOutput && dialect.CanFixOutput,
            LowestTokenId = Math.Min(options.LowestTokenId, end / 2),
            EndTokenId = end,
            Salt = options.Salt ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        };
        if (!options.Members.Keeps("stream_options"))
        {
            notices.Add("Without stream_options the server may count no tokens: lengths are then those of the events, or not known.");
        }

        bool isBuiltIn = model is not null && owner is SimulatedOwner or EngineOwner && options.Members.IsUnchanged;
        return isBuiltIn && server.SendsTokenIds ? server : await AskAsync(server, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ServerDescription> AskAsync(ServerDescription server, CancellationToken cancellationToken)
    {
        try
        {
            (ServerDescription asked, IReadOnlyList<string> said) =
                await new FirstRequests(connections, options).AskAsync(server, cancellationToken).ConfigureAwait(false);
            notices.AddRange(said);
            return asked;
        }
        catch (UnavailableException exception) when (notices.Count > 0)
        {
            // What is odd about the model list is most likely the reason.
            throw new UnavailableException(string.Join(' ', [exception.Message, .. notices]));
        }
    }

    /// <summary>Reads the model list. Where it is odd and the user has named the model, that is a notice, and the list is empty.</summary>
    private async Task<JsonArray> ReadModelsAsync(CancellationToken cancellationToken)
    {
        Answer answer = await GetAsync("v1/models", cancellationToken).ConfigureAwait(false);
        if (answer.Fault is null && Parse(answer.Text)?["data"] is JsonArray models)
        {
            return models;
        }

        string fault = answer.Fault ?? $"v1/models is no list of models: {Shown(answer.Text)}";
        if (options.Model is null)
        {
            string advice = HasNoList(answer.Status) ? ". Give the name of the model with --model." : "";
            throw new UnavailableException($"{Root}: {fault}{advice}");
        }

        // A server without a model list is common, and no surprise to a user who names the model.
        if (!HasNoList(answer.Status))
        {
            notices.Add($"The model list cannot be used ({fault}).");
        }

        return [];
    }

    private static bool HasNoList(HttpStatusCode? status) => status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;

    private JsonNode? Choose(JsonArray models)
    {
        if (options.Model is not { } wanted)
        {
            JsonNode first = models.FirstOrDefault(candidate => TextOf(candidate, "id") is not null)
                ?? throw new UnavailableException("The server lists no model: give its name with --model.");
            string name = TextOf(first, "id")!;
            return ShownText.OneLine(name, int.MaxValue) == name ? first : throw new UnavailableException(
                $"The server's model has a name that cannot be shown on a line ({Shown(ShownText.OneLine(name))}): give one with --model.");
        }

        JsonNode? found = models.FirstOrDefault(candidate => TextOf(candidate, "id") == wanted);
        if (found is null && models.Count > 0)
        {
            notices.Add($"The server does not list {wanted}; it has {Names(models)}.");
        }

        return found;
    }

    /// <summary>Remarks on adapters that the server does not list.</summary>
    private void CheckAdapters(JsonArray models)
    {
        string[] missing = [.. (options.Adapters?.Names ?? []).Where(name => !models.Any(model => TextOf(model, "id") == name))];
        if (missing.Length > 0 && models.Count > 0)
        {
            notices.Add($"The server does not list {string.Join(", ", missing)}; it has {Names(models)}.");
        }
    }

    private async Task<string?> ReadVersionAsync(CancellationToken cancellationToken)
    {
        Answer answer = await GetAsync("version", cancellationToken).ConfigureAwait(false);
        return answer.Fault is null && TextOf(Parse(answer.Text), "version") is { } version ? Shown(version) : null;
    }

    /// <summary>Asks for a path.</summary>
    /// <exception cref="UnavailableException">There is no connection to the server.</exception>
    private async Task<Answer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Limit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using HttpResponseMessage response = await connections.Client.GetAsync(connections.At(path), limit.Token).ConfigureAwait(false);
            string text = await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false);
            return new Answer(response.StatusCode, text, response.StatusCode == HttpStatusCode.OK
                ? null
                : $"{path} answered {(int)response.StatusCode}: {Shown(text)}");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new Answer(null, "", $"{path} sent more than {HttpConnections.MaxAnswerBytes / (1024 * 1024)} MB");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException)
        {
            (RequestStatus status, string message) = FailureCategory.Of(exception, cancelReason: null);
            string clean = Shown(message);
            return status == RequestStatus.ConnectionFailed
                ? throw new UnavailableException($"{Root} cannot be reached: {clean}")
                : new Answer(null, "", $"{path}: {clean}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(null, "", $"{path} was not answered within {Limit.TotalSeconds} s");
        }
    }

    private string Root => HttpAddress.Shown(connections.At(""));

    /// <summary>The object in a text; <c>null</c> where the text is anything else.</summary>
    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, nodeOptions: null, Json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Guesses the dialect from what the server writes into <c>owned_by</c>.</summary>
    private static DialectName DialectOf(string? owner) => owner switch
    {
        "vllm" or EngineOwner or SimulatedOwner => DialectName.Vllm,
        "sglang" => DialectName.Sglang,
        "tensorrt_llm" => DialectName.TensorRtLlm,
        "llamacpp" => DialectName.LlamaCpp,
        "library" => DialectName.Ollama,
        _ => DialectName.OpenAi,
    };

    private string Names(JsonArray models) =>
        Shown(string.Join(", ", models.Select(candidate => TextOf(candidate, "id"))));

    /// <summary>A text of an object; <c>null</c> where it has none, or where its text is half a character.</summary>
    private static string? TextOf(JsonNode? node, string name)
    {
        try
        {
            return node is JsonObject members && members[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int? NumberOf(JsonNode? node, string name) =>
        node is JsonObject members && members[name] is JsonValue value && value.TryGetValue(out int number) ? number : null;

    /// <summary>A text of the server in one line, not long and without the secrets that were sent.</summary>
    private string Shown(string text) => options.Redact(ErrorText.Clean(text));

    /// <summary>What a server answered to a question before the run.</summary>
    /// <param name="Status">Status of the answer; <c>null</c> where there was none that could be read.</param>
    /// <param name="Text">The body; empty where it could not be read.</param>
    /// <param name="Fault">What is wrong with the answer; <c>null</c> where it was given.</param>
    private readonly record struct Answer(HttpStatusCode? Status, string Text, string? Fault);
}
