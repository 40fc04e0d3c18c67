using System.Net.Http.Headers;
using System.Text.Unicode;
using GreenServe.Records.Requests;
using GreenServe.Serving.Load;

namespace GreenServe.Serving.Streams;

/// <summary>Reads one response event by event: counts its tokens, notes when its chunks arrived, and judges its end.</summary>
/// <param name="trace">Receives chunks, counts and the end of the request.</param>
/// <param name="format">The wire format of the events.</param>
/// <param name="rules">What a whole response must look like.</param>
internal sealed class OutputReading(RequestTrace trace, IChunkFormat format, StreamRules rules)
{
    /// <summary>Tokens by the server's own count beyond those asked for, up to which the response is read on for its final count.</summary>
    private const int SpareTokens = 64;

    /// <summary>
    /// Events for each token asked for, up to which a response is read. Servers that cut the text of a token send a letter or two an event,
    /// and a token has four letters on average.
    /// </summary>
    private const int MaxEventsPerToken = 8;

    /// <summary>Events without a token that every response may have, such as reports of progress while the request waits.</summary>
    private const int SpareEvents = 1000;

    /// <summary>Bytes of an event that are decoded for an error message, which shows fewer characters.</summary>
    private const int MaxExcerptBytes = 1200;
    private readonly TokenCount tokens = new();
    private StrayText? stray;
    private StreamFaultException? endFault;
    private bool isFinished;
    private bool isDone;
    private long endTimestamp;

    /// <summary>Number of events read so far.</summary>
    internal int Events { get; private set; }

    /// <summary>A failure with an error that the server sent inside the stream.</summary>
    internal static StreamFaultException Error(ReadOnlySpan<byte> words) =>
        new(RequestStatus.ServerError, $"an error inside the stream: {(words.IsEmpty ? "without words" : Excerpt(words))}");

    /// <summary>Reads one event of a stream.</summary>
    /// <returns><c>false</c>, with nothing read, where the data is no event of the format.</returns>
    /// <exception cref="StreamFaultException">The event shows that the response cannot count as a completed request.</exception>
    internal bool TryTake(ReadOnlySpan<byte> data)
    {
        long receipt = trace.ReceiptTimestamp();
        bool isEnd = data.StartsWith("[DONE]"u8) && data["[DONE]".Length..].Trim((byte)' ').IsEmpty;
        if (isDone)
        {
            throw new StreamFaultException(RequestStatus.Malformed, isEnd ? "[DONE] came twice" : "an event after [DONE]");
        }

        if (isEnd)
        {
            isDone = true;
            endTimestamp = receipt;
        }
        else if (!data.IsEmpty)
        {
            // An empty event keeps the connection alive.
            if (!TryTakeChunk(data, receipt))
            {
                return false;
            }

            endTimestamp = receipt;
        }

        Events++;
        return true;
    }

    /// <summary>Reads one event that has no more lines.</summary>
    /// <param name="data">The data of the event.</param>
    /// <param name="isWhole">Whether the event has an end. Otherwise the stream ended inside it.</param>
    /// <exception cref="StreamFaultException">The data is no event, or shows that the response cannot count.</exception>
    internal void Take(ReadOnlySpan<byte> data, bool isWhole)
    {
        if (!TryTake(data))
        {
            throw isWhole
                ? new StreamFaultException(RequestStatus.Malformed, $"an event that is not the JSON expected: {Excerpt(data)}")
                : new StreamFaultException(RequestStatus.Truncated, $"the stream ended inside an event: {Excerpt(data)}");
        }
    }

    /// <summary>Takes a line that is no part of an event. It matters only where the response does not come to a good end.</summary>
    internal void TakeStray(ReadOnlySpan<byte> line) => (stray ??= new StrayText()).Add(line, isUnframed: true);

    /// <summary>The failure of a response in which no event ends within a number of bytes.</summary>
    internal StreamFaultException TooLong(int maxBytes)
    {
        string words = stray is null ? "" : $": {stray}";
        return new StreamFaultException(RequestStatus.Malformed, $"more than {maxBytes} bytes without an event{words}");
    }

    /// <summary>Judges the response after its last byte. A whole response completes the trace.</summary>
    /// <param name="headers">The headers of the body, for the message where it is no stream.</param>
    /// <returns>Why the response cannot count as a completed request; <c>null</c> for a whole response.</returns>
    internal StreamFaultException? Finish(HttpContentHeaders? headers = null)
    {
        trace.OutputTokens = tokens.Delivered;
        trace.IsCountedByEvents = IsCountedByEvents;
        trace.AreTokenTimesKnown = tokens.AreSizesKnown || IsCountedByEvents;
        trace.IsFirstTokenKnown = tokens.IsFirstKnown || IsCountedByEvents;
        StreamFaultException? fault = endFault ?? FindMissingEnd(headers) ?? FindWrongLength();
        if (fault is null)
        {
            trace.Complete(endTimestamp);
        }

        return fault;
    }

    /// <summary>Whether events stand for the tokens of the response: the server does not count them, and the user accepts it.</summary>
    private bool IsCountedByEvents => rules.CountsEvents && tokens.Delivered is null && tokens.OfEvents > 0;

    private StreamFaultException? FindMissingEnd(HttpContentHeaders? headers)
    {
        if (!isFinished && stray is { IsError: true })
        {
            return new StreamFaultException(RequestStatus.ServerError, $"an error in place of a whole answer: {stray}");
        }

        if (!isFinished && !IsWholeWithoutReason())
        {
            return stray is { IsUnframed: true }
                ? new StreamFaultException(RequestStatus.Malformed, $"{DescribeType(headers)}: {stray}")
                : new StreamFaultException(RequestStatus.Truncated, DescribeMissingReason());
        }

        return rules.EndsWithDone && !isDone
            ? new StreamFaultException(RequestStatus.Truncated, "the stream ended without [DONE]")
            : null;
    }

    /// <summary>
    /// Whether a response without a finish reason is whole all the same: its end is announced, and the server's count agrees with the
    /// tokens that came or with those asked for. Where the server counts nothing, only the end can tell.
    /// </summary>
    private bool IsWholeWithoutReason() =>
        isDone && (IsCountedByEvents
            || (tokens.ByServer is { } count && (count == tokens.OfEvents || count == trace.Request.OutputTokens)));

    private string DescribeMissingReason() =>
        Events == 0 ? "the stream ended before its first event"
        : isDone ? "the stream ended without a finish reason, and the server's count does not show that the output is whole"
        : "the stream ended without a finish reason";

    private StreamFaultException? FindWrongLength()
    {
        if (IsCountedByEvents)
        {
            return null;
        }

        if (tokens.OfEvents == 0 || tokens.Delivered is not { } delivered)
        {
            string message = tokens.ByServer is { } count ? $"no output came, although the server counted {count} output tokens"
                : tokens.OfEvents == 0 ? "no token came"
                : $"the server did not count its tokens ({tokens.OfEvents} events with text came); --count-events measures it all the same";
            return new StreamFaultException(RequestStatus.WrongLength, message);
        }

        int asked = trace.Request.OutputTokens;
        if (rules.HasFixedOutput ? delivered != asked : delivered > asked)
        {
            return new StreamFaultException(RequestStatus.WrongLength, $"asked for {asked} output tokens, got {delivered}");
        }

        int sent = trace.Request.InputTokens;
        return rules.HasExactInput && trace.InputTokens is { } input && input != sent
            ? new StreamFaultException(RequestStatus.WrongLength, $"sent {sent} prompt tokens, the server counted {input}")
            : null;
    }

    private bool TryTakeChunk(ReadOnlySpan<byte> data, long receipt)
    {
        if (!Utf8.IsValid(data))
        {
            throw new StreamFaultException(RequestStatus.Malformed, "an event that is not UTF-8");
        }

        if (!format.TryRead(data, out ChunkFacts facts))
        {
            return false;
        }

        if (facts.End != OutputEnd.None)
        {
            TakeEnd(facts.End, data[facts.Words]);
        }
        else if (!facts.IsAboutOutput && StrayText.HasErrorShape(data))
        {
            (stray ??= new StrayText()).Add(data, isUnframed: false);
        }

        // A prompt has a token at least: a count of 0 is no count.
        trace.InputTokens = facts.PromptTokens is > 0 ? facts.PromptTokens : trace.InputTokens;
        int count = tokens.Add(facts);
        ThrowIfEndless();
        if (count > 0)
        {
            trace.AddChunk(receipt, count);
        }

        return true;
    }

    private void TakeEnd(OutputEnd end, ReadOnlySpan<byte> words)
    {
        isFinished = true;
        switch (end)
        {
            case OutputEnd.Filtered:
                endFault = new StreamFaultException(RequestStatus.ContentFilter, $"a content filter cut the output: {Excerpt(words)}");
                break;
            case OutputEnd.GivenUp:
                endFault = new StreamFaultException(RequestStatus.ServerError, $"the server gave the output up: {Excerpt(words)}");
                break;
            case OutputEnd.Error:
                throw Error(words);
        }
    }

    /// <summary>Ends a response that goes on far beyond the length asked for, so that no server can keep a request for ever.</summary>
    private void ThrowIfEndless()
    {
        long asked = trace.Request.OutputTokens;
        long counted = tokens.OfEvents - tokens.Assumed;
        bool isEndless = counted > asked + SpareTokens || Events >= SpareEvents + (MaxEventsPerToken * asked);
        if (isEndless)
        {
            trace.OutputTokens = tokens.OfEvents;
            string came = counted > asked + SpareTokens ? $"{counted} tokens" : $"{Events} events";
            throw new StreamFaultException(
                RequestStatus.WrongLength, $"asked for {asked} output tokens, but the stream goes on after {came}: it was given up");
        }
    }

    private static string DescribeType(HttpContentHeaders? headers)
    {
        string type = headers?.ContentType?.MediaType ?? "an answer of no stated type";
        return type == "text/event-stream" && headers is { ContentEncoding.Count: 0 }
            ? "an event stream without an event of this dialect"
            : $"{ErrorText.Clean(string.Join(' ', [.. headers?.ContentEncoding ?? [], type]))}, not an event stream";
    }

    private static string Excerpt(ReadOnlySpan<byte> data) => ErrorText.Clean(data[..Math.Min(data.Length, MaxExcerptBytes)]);
}

/// <summary>The rules that a whole response must satisfy.</summary>
/// <param name="EndsWithDone">Whether <c>[DONE]</c> must be the last event.</param>
/// <param name="HasFixedOutput">
/// Whether the output must have exactly the length that was asked for. Otherwise that length is a maximum.
/// </param>
/// <param name="HasExactInput">Whether the prompt was sent as token ids. The server must then count as many prompt tokens.</param>
/// <param name="CountsEvents">
/// Whether a response whose tokens the server does not count is measured by its events. Otherwise it is of a wrong length.
/// </param>
internal sealed record StreamRules(bool EndsWithDone, bool HasFixedOutput, bool HasExactInput, bool CountsEvents = false);
