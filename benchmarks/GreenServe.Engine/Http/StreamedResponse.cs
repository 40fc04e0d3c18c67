using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Streams one output as server-sent events. Tokens that arrive together are sent in one event.</summary>
internal sealed class StreamedResponse
{
    private readonly ResponseScope scope;
    private readonly HttpContext context;
    private readonly PipeWriter body;
    private readonly ChunkComposer composer;
    private readonly OutputText output;
    private readonly StreamFaults faults;
    private readonly TimeProvider clock;
    private long previous;
    private bool hasToldEnd;

    internal StreamedResponse(ResponseScope scope, HttpContext context)
    {
        this.scope = scope;
        this.context = context;
        clock = scope.Options.Clock;
        body = context.Response.BodyWriter;
        long created = clock.GetUtcNow().ToUnixTimeSeconds();
        composer = new ChunkComposer(scope.Request, scope.Request.Generation.Id, scope.Engine.Model.Name, created);
        output = new OutputText(scope);
        faults = new StreamFaults(scope, context);
    }

    internal async Task RunAsync()
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);

        GenerationStream stream = new(scope.Options.SendsInline);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        previous = clock.GetTimestamp();
        scope.Engine.Submit(scope.Request.Generation, stream, ending.Token);
        FinishReason? finished = null;
        try
        {
            while (finished is null)
            {
                await stream.WaitAsync().ConfigureAwait(false);
                finished = await ForwardAsync(stream, ending).ConfigureAwait(false);
            }
        }
        finally
        {
            // A client that leaves during a write ends the loop with an exception.
            scope.Metrics.CountFinish(finished ?? FinishReason.Cancelled);
            await ending.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends the tokens that have arrived.</summary>
    /// <returns>Why the output ended; <c>null</c> if it goes on.</returns>
    private async ValueTask<FinishReason?> ForwardAsync(GenerationStream stream, CancellationTokenSource ending)
    {
        List<int> tokens = stream.Take(out FinishReason? finished, out string? problem);
        if (finished == FinishReason.Cancelled || context.RequestAborted.IsCancellationRequested)
        {
            return FinishReason.Cancelled;
        }

        if (tokens.Count > 0)
        {
            finished = await SendTokensAsync(tokens, finished).ConfigureAwait(false);
            if (output.HasStopped)
            {
                await ending.CancelAsync().ConfigureAwait(false);
            }

            if (await faults.InterfereAsync(output.Tokens).ConfigureAwait(false))
            {
                return FinishReason.Error;
            }
        }

        if (finished is { } reason)
        {
            await SendEndAsync(reason, problem).ConfigureAwait(false);
        }

        return finished;
    }

    /// <summary>Sends tokens in one event. The event of the last tokens also tells why the output ended, as in vLLM.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="finished">Why the generation ended with these tokens; <c>null</c> if it goes on.</param>
    /// <returns>Why the output ended; <c>null</c> if it goes on.</returns>
    private async ValueTask<FinishReason?> SendTokensAsync(List<int> tokens, FinishReason? finished)
    {
        int first = output.Tokens;
        if (first == 0 && scope.Request.IsChat)
        {
            composer.WriteRole(body);
        }

        faults.WriteEmptyChunk(composer, body, first);
        string text = output.Append(tokens);
        int count = output.Tokens - first;
        FinishReason? reason = output.HasStopped ? FinishReason.Stop : finished;
        hasToldEnd = reason is not (null or FinishReason.Error) && !faults.IsDue(output.Tokens);
        composer.WriteTokens(
            body,
            hasToldEnd ? text + output.Flush() : text,
            CollectionsMarshal.AsSpan(tokens)[..count],
            output.Tokens,
            hasToldEnd ? FinishReasonNames.NameOf(reason!.Value) : null);
        long now = clock.GetTimestamp();
        scope.Options.SendLog?.AddTokens(scope.ClientId, first, count, now);
        scope.Metrics.CountTokens(count, clock.GetElapsedTime(previous, now).TotalSeconds, isFirst: first == 0);
        previous = now;
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        return reason;
    }

    /// <summary>Sends what follows the last tokens: the reason unless they told it, the usage if asked for, and the last event.</summary>
    private async ValueTask SendEndAsync(FinishReason reason, string? problem)
    {
        if (reason == FinishReason.Error)
        {
            ChunkComposer.WriteError(body, ApiError.Internal(problem));
        }
        else if (!hasToldEnd)
        {
            composer.WriteTokens(body, output.Flush(), [], output.Tokens, FinishReasonNames.NameOf(reason));
        }

        if (scope.Request.IncludesUsage)
        {
            composer.WriteUsage(body, output.Tokens);
        }

        faults.WriteDone(body);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
