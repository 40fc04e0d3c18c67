using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>The faults inside a streamed response.</summary>
internal sealed class StreamFaults(ResponseScope scope, HttpContext context)
{
    // Above the limit of 1 MiB that the suite's client sets for one event.
    private const int OversizedBytes = 2_000_000;
    private const int TokensTooMany = 3;
    private const int TokensTooFew = 1;
    private bool isDone;

    /// <summary>Changes a request to what a server with this fault makes of it.</summary>
    internal static ParsedRequest Alter(ParsedRequest request, FaultKind fault)
    {
        int tokens = request.Generation.MaxTokens;
        int served = fault switch
        {
            FaultKind.MoreTokens => tokens + TokensTooMany,
            FaultKind.FewerTokens => Math.Max(1, tokens - TokensTooFew),
            _ => tokens,
        };
        bool hidesUsage = fault == FaultKind.NoUsage;
        return request with
        {
            Generation = request.Generation with { MaxTokens = served, MinTokens = Math.Min(request.Generation.MinTokens, served) },
            IncludesUsage = request.IncludesUsage && !hidesUsage,
            IncludesContinuousUsage = request.IncludesContinuousUsage && !hidesUsage,
        };
    }

    /// <summary>Writes an event without a token if the fault is <see cref="FaultKind.ZeroTokenChunks"/>.</summary>
    internal void WriteEmptyChunk(ChunkComposer composer, IBufferWriter<byte> body, int tokensSoFar)
    {
        if (scope.Fault == FaultKind.ZeroTokenChunks)
        {
            composer.WriteTokens(body, "", [], tokensSoFar, finishReason: null);
        }
    }

    /// <summary>Whether a fault inside the stream comes next. The end of the output must then not be told before the fault.</summary>
    /// <param name="tokensSoFar">The number of output tokens sent so far.</param>
    internal bool IsDue(int tokensSoFar) => !isDone && tokensSoFar >= scope.FaultAfterTokens && scope.Fault
        is FaultKind.ErrorInStream or FaultKind.ResetInStream or FaultKind.TruncatedBody or FaultKind.MalformedEvent
        or FaultKind.OversizedEvent or FaultKind.InvalidUtf8 or FaultKind.StallInStream;

    /// <summary>Commits the fault once its number of tokens has been sent.</summary>
    /// <param name="tokensSoFar">The number of output tokens sent so far.</param>
    /// <returns>Whether the response is over.</returns>
    internal async ValueTask<bool> InterfereAsync(int tokensSoFar)
    {
        if (!IsDue(tokensSoFar))
        {
            return false;
        }

        isDone = true;
        switch (scope.Fault)
        {
            case FaultKind.ErrorInStream:
                ChunkComposer.WriteError(context.Response.BodyWriter, ApiError.Internal("CUDA error: out of memory"));
                ChunkComposer.WriteDone(context.Response.BodyWriter);
                break;
            case FaultKind.ResetInStream:
                BreakConnection(resets: true);
                return true;
            case FaultKind.TruncatedBody:
                BreakConnection(resets: false);
                return true;
            case FaultKind.MalformedEvent:
                context.Response.BodyWriter.Write("data: {\"choices\":[{\"text\":\"oops\"\n\n"u8);
                break;
            case FaultKind.OversizedEvent:
                WriteOversizedEvent(context.Response.BodyWriter);
                break;
            case FaultKind.InvalidUtf8:
                byte[] invalid = [.. "data: {\"choices\":[{\"index\":0,\"text\":\""u8, 0xC3, 0x28, .. "\"}]}\n\n"u8];
                context.Response.BodyWriter.Write(invalid);
                break;
            case FaultKind.StallInStream:
                await Task.Delay(Timeout.InfiniteTimeSpan, scope.Options.Clock, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        return scope.Fault == FaultKind.ErrorInStream;
    }

    /// <summary>Announces the end of the stream: not at all, once or twice, and perhaps with a late event after it.</summary>
    internal void WriteDone(IBufferWriter<byte> body)
    {
        if (scope.Fault != FaultKind.MissingDone)
        {
            ChunkComposer.WriteDone(body);
        }

        if (scope.Fault == FaultKind.DuplicateDone)
        {
            ChunkComposer.WriteDone(body);
        }

        if (scope.Fault == FaultKind.BytesAfterDone)
        {
            body.Write("data: {\"choices\":[{\"index\":0,\"text\":\"late\"}]}\n\n"u8);
        }
    }

    private static void WriteOversizedEvent(IBufferWriter<byte> body)
    {
        body.Write("data: {\"choices\":[{\"index\":0,\"text\":\""u8);
        byte[] letters = new byte[OversizedBytes];
        letters.AsSpan().Fill((byte)'a');
        body.Write(letters);
        body.Write("\"}]}\n\n"u8);
    }

    private void BreakConnection(bool resets)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            if (resets)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }
            else
            {
                socket.Shutdown(SocketShutdown.Both);
            }
        }

        context.Abort();
    }
}
