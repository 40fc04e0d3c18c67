using System.Net.Http.Headers;
using System.Text;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.Streams;
using GreenServe.Workloads.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Serving.Streams;

/// <summary>A response whose pieces arrive at chosen times after the issue of its request, on a clock of the test.</summary>
internal static class TimedResponse
{
    internal const int InputTokens = 64;

    /// <summary>Reads a response that arrives as the test says.</summary>
    /// <param name="dialect">The dialect that reads it.</param>
    /// <param name="asked">Output tokens asked for.</param>
    /// <param name="pieces">The pieces of the body, and when each arrives (ms).</param>
    internal static Task<RequestTrace> ReadAsync(DialectName dialect, int asked, params (int Milliseconds, string Text)[] pieces) =>
        ReadAsync(dialect, asked, contentType: null, pieces);

    /// <summary>Reads a response of a content type.</summary>
    internal static Task<RequestTrace> ReadAsync(
        DialectName name, int asked, string? contentType, params (int Milliseconds, string Text)[] pieces) =>
        ReadAsync(name, asked, contentType, countsEvents: false, pieces);

    /// <summary>Reads a response whose events may stand for its tokens.</summary>
    internal static async Task<RequestTrace> ReadAsync(
        DialectName name, int asked, string? contentType, bool countsEvents, params (int Milliseconds, string Text)[] pieces)
    {
        Dialect dialect = DialectCatalog.Find(name);
        FakeTimeProvider time = new();
        RequestTrace trace = new(new ScheduledRequest(0, 0, default, InputTokens, asked), time.GetTimestamp(), time);
        trace.Issue();
        OutputReading reading = new(
            trace,
            dialect.Chunks,
            new StreamRules(dialect.EndsWithDone, HasFixedOutput: dialect.CanFixOutput, HasExactInput: false, countsEvents));
        await using TimedStream body = new(time, pieces);
        using ByteArrayContent content = new([]);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        try
        {
            using ResponseLines lines = dialect.LinesOf(reading);
            await lines.ReadAsync(body, CancellationToken.None);
            if (reading.Finish(content.Headers) is { } fault)
            {
                trace.Fail(fault.Status, fault.Message);
            }
        }
        catch (StreamFaultException fault)
        {
            trace.Fail(fault.Status, fault.Message);
        }

        return trace;
    }

    /// <summary>The end of a request, as its row in a record has it.</summary>
    internal static (RequestStatus Status, string? Error) EndOf(RequestTrace trace) => (trace.Status, trace.Error);

    /// <summary>When each token arrived (ms after the issue).</summary>
    internal static double[] TokenMilliseconds(RequestTrace trace) =>
    [
        .. trace.Chunks.ToArray().SelectMany(chunk => Enumerable.Repeat(
            (chunk.Timestamp - trace.IssuedTimestamp!.Value) * 1e3 / new FakeTimeProvider().TimestampFrequency, chunk.Tokens)),
    ];

    private sealed class TimedStream(FakeTimeProvider time, (int Milliseconds, string Text)[] pieces) : MemoryStream
    {
        private readonly DateTimeOffset start = time.GetUtcNow();
        private byte[] piece = [];
        private int used;
        private int next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (used == piece.Length && next < pieces.Length)
            {
                (int milliseconds, string text) = pieces[next++];
                (piece, used) = (Encoding.UTF8.GetBytes(text), 0);
                time.SetUtcNow(start.AddMilliseconds(milliseconds));
            }

            int count = Math.Min(buffer.Length, piece.Length - used);
            piece.AsSpan(used, count).CopyTo(buffer.Span);
            used += count;
            return ValueTask.FromResult(count);
        }
    }
}
