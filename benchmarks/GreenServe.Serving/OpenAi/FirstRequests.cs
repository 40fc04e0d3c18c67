using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>
/// Sends a few requests to a server before the run. Its answers tell whether it serves the model, whether it takes token ids, and how it
/// counts the words of a text.
/// </summary>
/// <param name="connections">The connections to the server, which the run will use too.</param>
/// <param name="options">Where and how to reach the server.</param>
internal sealed class FirstRequests(HttpConnections connections, OpenAiOptions options)
{
    /// <summary>Words of the shorter and of the longer prompt, whose token counts give the slope and the offset of a line.</summary>
    private const int FewWords = 64;
    private const int ManyWords = 512;

    /// <summary>Pairs of prompts, over which the counts are averaged because words differ in length.</summary>
    private const int ProbePairs = 4;

    /// <summary>Number of the first request of a probe, far above those of any schedule, so that no prompt is sent twice.</summary>
    private const int ProbeIdsFrom = 1_000_000_000;

    /// <summary>Longest wait for one answer: the first request to a server may have to compile kernels.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Finds out how the server takes prompts. A server that refuses token ids and takes text gets text, one that asks for
    /// <c>max_completion_tokens</c> gets it, and one without completions gets chats. Where a first request fails in a way that may pass,
    /// for example because the server is overloaded, the run decides.
    /// </summary>
    /// <param name="server">What is known of the server.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What is known of it then, and a sentence for the user for each thing that is sent otherwise than planned.</returns>
    /// <exception cref="UnavailableException">The server refused the first request, or did not answer a prompt of text.</exception>
    internal async Task<(ServerDescription Server, IReadOnlyList<string> Notices)> AskAsync(
        ServerDescription server, CancellationToken cancellationToken)
    {
        List<string> notices = [];
        (server, RequestTrace first) = await SendAdaptedAsync(server, notices, cancellationToken).ConfigureAwait(false);
        if (!server.SendsTokenIds)
        {
            return IsAnswered(first)
                ? (await LearnTextLengthAsync(server, cancellationToken).ConfigureAwait(false), notices)
                : throw Failed(first);
        }

        if (first.Status is not (RequestStatus.Refused or RequestStatus.ServerError or RequestStatus.Malformed))
        {
            return (server, notices);
        }

        (ServerDescription withText, RequestTrace text) = await SendAdaptedAsync(
            server with { SendsTokenIds = false }, notices, cancellationToken).ConfigureAwait(false);
        if (IsAnswered(text))
        {
            notices.Add($"The server takes no token ids ({first.Error}): prompts are sent as text.");
            return (await LearnTextLengthAsync(withText, cancellationToken).ConfigureAwait(false), notices);
        }

        return first.Status == RequestStatus.Refused ? throw Failed(first) : (server, notices);
    }

    /// <summary>Sends a first request, and another one in the way that the server asks for in its refusal.</summary>
    private async Task<(ServerDescription Server, RequestTrace Trace)> SendAdaptedAsync(
        ServerDescription server, List<string> notices, CancellationToken cancellationToken)
    {
        RequestTrace first = await SendAsync(server, cancellationToken).ConfigureAwait(false);
        if (WantsCompletionLimit(first) && !server.LimitsCompletion)
        {
            server = server with { LimitsCompletion = true };
            notices.Add("The server wants max_completion_tokens in place of max_tokens: that is sent.");
            first = await SendAsync(server, cancellationToken).ConfigureAwait(false);
        }

        Dialect dialect = DialectCatalog.Find(server.Dialect);
        (string path, string otherPath) = (dialect.PathOf(server.IsChat), dialect.PathOf(!server.IsChat));
        if (!IsMissing(first) || path == otherPath)
        {
            return (server, first);
        }

        ServerDescription other = server with { IsChat = !server.IsChat, SendsTokenIds = false };
        RequestTrace second = await SendAsync(other, cancellationToken).ConfigureAwait(false);
        if (WantsCompletionLimit(second))
        {
            other = other with { LimitsCompletion = true };
            second = await SendAsync(other, cancellationToken).ConfigureAwait(false);
        }

        if (!IsAnswered(second))
        {
            return (server, first);
        }

        if (server.IsChat)
        {
            // A chat was asked for, and a completion would leave out the template of the chat.
            throw new UnavailableException($"The server has no {path} ({first.Error}), but it answers {otherPath}: leave out --chat.");
        }

        notices.Add($"The server has no {path} ({first.Error}): prompts are sent to {otherPath}, as with --chat.");
        return (other, second);
    }

    private static bool WantsCompletionLimit(RequestTrace trace) => trace.Status == RequestStatus.Refused
        && trace.Error?.Contains("max_completion_tokens", StringComparison.Ordinal) == true;

    private static bool IsMissing(RequestTrace trace) =>
        trace.Status == RequestStatus.Refused && trace.Error?.StartsWith("404", StringComparison.Ordinal) == true;

    /// <summary>
    /// Sends prompts of known numbers of words and fits a line through the server's own counts. A server that counts nothing is taken to
    /// count a token a word; the run is then marked with <c>input-lengths-unknown</c>.
    /// </summary>
    private async Task<ServerDescription> LearnTextLengthAsync(ServerDescription server, CancellationToken cancellationToken)
    {
        if (!options.LearnsTextLength)
        {
            return server;
        }

        int? few = 0;
        int? many = 0;
        for (int pair = 0; pair < ProbePairs; pair++)
        {
            few += await CountAsync(server, pair, FewWords, cancellationToken).ConfigureAwait(false);
            many += await CountAsync(server, pair, ManyWords, cancellationToken).ConfigureAwait(false);
        }

        TextLength? length = few is { } fewTokens && many is { } manyTokens
            ? TextLength.Through(FewWords, (double)fewTokens / ProbePairs, ManyWords, (double)manyTokens / ProbePairs)
            : null;
        return server with { TextLength = length ?? TextLength.Plain };
    }

    /// <summary>Sends one prompt and returns the server's count of it; <c>null</c> where it does not count.</summary>
    private async Task<int?> CountAsync(ServerDescription server, int pair, int words, CancellationToken cancellationToken)
    {
        RequestTrace trace = await SendAsync(server, pair, words, cancellationToken).ConfigureAwait(false);
        return IsAnswered(trace) ? trace.InputTokens : throw Failed(trace);
    }

    /// <summary>Sends one short prompt of a pair of its own, so that the prompt is none of those that are counted.</summary>
    private Task<RequestTrace> SendAsync(ServerDescription server, CancellationToken cancellationToken) =>
        SendAsync(server, ProbePairs, FewWords, cancellationToken);

    private async Task<RequestTrace> SendAsync(ServerDescription server, int pair, int words, CancellationToken cancellationToken)
    {
        // The backend is not disposed, because the load uses its connections afterwards.
        OpenAiBackend backend = OpenAiBackend.On(connections, options with { IsChat = server.IsChat }, server);
        ScheduledRequest probe = new(ProbeIdsFrom + (pair * (ManyWords + 1)) + words, 0, default(RequestClass), words, OutputTokens: 1);
        using CancellationTokenSource timeout = new(Limit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        RequestTrace trace = new(probe, options.Time.GetTimestamp(), options.Time);
        await backend.ServeAsync(backend.Prepare(probe), trace, limit.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return trace;
    }

    private static bool IsAnswered(RequestTrace trace) => trace.Status is RequestStatus.Completed or RequestStatus.WrongLength;

    private static UnavailableException Failed(RequestTrace trace) => new($"A first request failed: {trace.Error}");
}
