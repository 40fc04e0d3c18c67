using System.Text.Unicode;
using GreenServe.Records.Requests;
using GreenServe.Serving.Load;

namespace GreenServe.Serving.Streams;

/// <summary>Reads one response event by event: counts its tokens, notes when its chunks arrived, and judges its end.</summary>
/// <param name="trace">Receives chunks, counts and the end of the request.</param>
/// <param name="format">The wire format of the events.</param>
/// <param name="rules">What a whole response must look like.</param>
/// <remarks>
/// Tokens are never counted by tokenising text. The sources, in the order in which they are trusted, are the server's running count, and
/// the token ids or log-probabilities in the event. Without both, each event with text counts as one token, and only the server's final
/// count can confirm that.
/// </remarks>
internal sealed class OutputReading(RequestTrace trace, IChunkFormat format, StreamRules rules)
{
    /// <summary>Bytes of an event that an error message shows.</summary>
    private const int MaxExcerptBytes = 120;
    private int counted;
    private int assumed;
    private int? total;
    private bool isFinished;
    private bool isDone;
    private long endTimestamp;

    /// <summary>Number of events read so far.</summary>
    internal int Events { get; private set; }

    /// <summary>Reads one event of a stream.</summary>
    /// <returns>Always <c>true</c>, since the parser of server-sent events needs a function with a result.</returns>
    /// <exception cref="StreamFaultException">The event shows that the response cannot count as a completed request.</exception>
    internal bool Take(ReadOnlySpan<byte> data)
    {
        Events++;
        long receipt = trace.ReceiptTimestamp();
        if (data.SequenceEqual("[DONE]"u8))
        {
            TakeDone(receipt);
            return true;
        }

        if (isDone)
        {
            throw new StreamFaultException(RequestStatus.Malformed, "an event after [DONE]");
        }

        // An empty event keeps the connection alive.
        if (!data.IsEmpty)
        {
            endTimestamp = receipt;
            TakeChunk(data, receipt);
        }

        return true;
    }

    /// <summary>Judges the response after its last byte, and ends the trace.</summary>
    internal void Finish()
    {
        trace.OutputTokens = total ?? (assumed == 0 && counted > 0 ? counted : null);
        trace.AreTokenTimesKnown = trace.OutputTokens == counted;
        if (FindFault() is { } fault)
        {
            trace.Fail(fault.Status, fault.Message);
        }
        else
        {
            trace.Complete(endTimestamp);
        }
    }

    private StreamFaultException? FindFault()
    {
        if (!isFinished)
        {
            return new StreamFaultException(RequestStatus.Truncated, "the stream ended without a finish reason");
        }

        if (rules.EndsWithDone && !isDone)
        {
            return new StreamFaultException(RequestStatus.Truncated, "the stream ended without [DONE]");
        }

        if (counted == 0 || trace.OutputTokens is not { } tokens)
        {
            string message = counted == 0
                ? "no token came"
                : $"the server did not count its tokens ({counted} events with text came)";
            return new StreamFaultException(RequestStatus.WrongLength, message);
        }

        int asked = trace.Request.OutputTokens;
        if (rules.HasFixedOutput ? tokens != asked : tokens > asked)
        {
            return new StreamFaultException(RequestStatus.WrongLength, $"asked for {asked} output tokens, got {tokens}");
        }

        int sent = trace.Request.InputTokens;
        return rules.HasExactInput && trace.InputTokens is { } input && input != sent
            ? new StreamFaultException(RequestStatus.WrongLength, $"sent {sent} prompt tokens, the server counted {input}")
            : null;
    }

    private void TakeDone(long receipt)
    {
        if (isDone)
        {
            throw new StreamFaultException(RequestStatus.Malformed, "[DONE] came twice");
        }

        isDone = true;
        endTimestamp = receipt;
    }

    private void TakeChunk(ReadOnlySpan<byte> data, long receipt)
    {
        if (!Utf8.IsValid(data))
        {
            throw new StreamFaultException(RequestStatus.Malformed, "an event that is not UTF-8");
        }

        if (!format.TryRead(data, out ChunkFacts facts))
        {
            throw new StreamFaultException(RequestStatus.Malformed, $"an event that is not the JSON expected: {Excerpt(data)}");
        }

        if (facts.IsError)
        {
            throw new StreamFaultException(RequestStatus.ServerError, $"an error inside the stream: {Excerpt(data)}");
        }

        trace.InputTokens = facts.PromptTokens ?? trace.InputTokens;
        isFinished |= facts.IsFinished;
        int tokens = CountTokens(facts);
        if (tokens > 0)
        {
            counted += tokens;
            trace.AddChunk(receipt, tokens);
        }
    }

    /// <summary>The number of tokens in an event, as far as it can be known now.</summary>
    private int CountTokens(ChunkFacts facts)
    {
        if (facts.TokensSoFar is { } soFar)
        {
            total = soFar;

            // Once tokens have been assumed, a running count says nothing about this event alone. Finish compares the totals.
            return assumed > 0 ? (facts.HasText ? 1 : 0) : Math.Max(0, soFar - counted);
        }

        if (facts.Tokens is { } tokens)
        {
            return tokens;
        }

        if (facts.HasText)
        {
            assumed++;
            return 1;
        }

        return 0;
    }

    private static string Excerpt(ReadOnlySpan<byte> data) => ErrorText.Clean(data[..Math.Min(data.Length, MaxExcerptBytes)]);
}

/// <summary>The rules that a whole response must satisfy.</summary>
/// <param name="EndsWithDone">Whether <c>[DONE]</c> must be the last event.</param>
/// <param name="HasFixedOutput">
/// Whether the output must have exactly the length that was asked for. Otherwise that length is a maximum.
/// </param>
/// <param name="HasExactInput">Whether the prompt was sent as token ids. The server must then count as many prompt tokens.</param>
internal sealed record StreamRules(bool EndsWithDone, bool HasFixedOutput, bool HasExactInput);
