using GreenServe.Records;
using GreenServe.Records.Requests;
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
    /// Finds out how the server takes prompts. A server that refuses token ids and takes text gets text. Where a first request fails in a
    /// way that may pass, for example because the server is overloaded, the run decides.
    /// </summary>
    /// <param name="server">What is known of the server.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What is known of it then, and a sentence for the user where prompts became text.</returns>
    /// <exception cref="UnavailableException">The server refused the first request, or did not answer a prompt of text.</exception>
    internal async Task<(ServerDescription Server, string? Notice)> AskAsync(
        ServerDescription server, CancellationToken cancellationToken)
    {
        if (!server.SendsTokenIds)
        {
            return (await LearnTextLengthAsync(server, cancellationToken).ConfigureAwait(false), null);
        }

        RequestTrace ids = await SendAsync(server, cancellationToken).ConfigureAwait(false);
        if (ids.Status is not (RequestStatus.Refused or RequestStatus.ServerError or RequestStatus.Malformed))
        {
            return (server, null);
        }

        ServerDescription withText = server with { SendsTokenIds = false };
        RequestTrace text = await SendAsync(withText, cancellationToken).ConfigureAwait(false);
        if (IsAnswered(text))
        {
            string notice = $"The server takes no token ids ({ids.Error}): prompts are sent as text.";
            return (await LearnTextLengthAsync(withText, cancellationToken).ConfigureAwait(false), notice);
        }

        return ids.Status == RequestStatus.Refused ? throw Failed(ids) : (server, null);
    }

    /// <summary>
    /// Sends prompts of known numbers of words and fits a line through the server's own counts. A server that counts nothing is taken to
    /// count a token a word; the run is then marked with <c>input-lengths-unknown</c>.
    /// </summary>
    private async Task<ServerDescription> LearnTextLengthAsync(ServerDescription server, CancellationToken cancellationToken)
    {
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
        OpenAiBackend backend = OpenAiBackend.On(connections, options, server);
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
