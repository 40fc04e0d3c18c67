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
            await SendTokensAsync(tokens).ConfigureAwait(false);
            if (output.HasStopped)
            {
                finished = FinishReason.Stop;
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

    private async ValueTask SendTokensAsync(List<int> tokens)
    {
        int first = output.Tokens;
        if (first == 0 && scope.Request.IsChat)
        {
            composer.WriteRole(body);
        }

        faults.WriteEmptyChunk(composer, body, first);
        string text = output.Append(tokens);
        int count = output.Tokens - first;
        composer.WriteTokens(body, text, CollectionsMarshal.AsSpan(tokens)[..count], output.Tokens, finishReason: null);
        long now = clock.GetTimestamp();
        scope.Options.SendLog?.AddTokens(scope.ClientId, first, count, now);
        scope.Metrics.CountTokens(count, clock.GetElapsedTime(previous, now).TotalSeconds, isFirst: first == 0);
        previous = now;
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask SendEndAsync(FinishReason reason, string? problem)
    {
        if (reason == FinishReason.Error)
        {
            ChunkComposer.WriteError(body, ApiError.Internal(problem));
        }
        else
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
