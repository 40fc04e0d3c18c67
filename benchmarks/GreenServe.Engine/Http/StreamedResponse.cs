using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Streams one output as server-sent events, a flush for whatever has come since the last.</summary>
internal sealed class StreamedResponse
{
    private readonly ResponseScope scope;
    private readonly HttpContext context;
    private readonly PipeWriter body;
    private readonly ChunkComposer composer;
    private readonly OutputText output;
    private readonly StreamFaults faults;
    private long previous;

    internal StreamedResponse(ResponseScope scope, HttpContext context)
    {
        this.scope = scope;
        this.context = context;
        body = context.Response.BodyWriter;
        long created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
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
        previous = TimeProvider.System.GetTimestamp();
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
            // A client that leaves while it is being written to ends the loop by an exception.
            scope.Metrics.CountFinish(finished ?? FinishReason.Cancelled);
            await ending.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends what has come; gives back why the output ended, if it did.</summary>
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
        long now = TimeProvider.System.GetTimestamp();
        scope.Options.SendLog?.Add(scope.ClientId, first, count, now);
        scope.Metrics.CountTokens(count, TimeProvider.System.GetElapsedTime(previous, now).TotalSeconds, isFirst: first == 0);
        previous = now;
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask SendEndAsync(FinishReason reason, string? problem)
    {
        if (reason == FinishReason.Error)
        {
            ChunkComposer.WriteError(body, new ApiError(500, problem ?? "The engine failed.", "internal_server_error"));
        }
        else
        {
            composer.WriteTokens(body, output.Flush(), [], output.Tokens, Finishing.NameOf(reason));
        }

        if (scope.Request.IncludesUsage)
        {
            composer.WriteUsage(body, output.Tokens);
        }

        faults.WriteDone(body);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
