namespace GreenServe.Serving.Streams;

/// <summary>Counts the tokens of one response, event by event, and knows how far the counts of single events are certain.</summary>
/// <remarks>
/// <para>
/// Tokens are never counted by tokenising text. The sources, in the order in which they are trusted, are the growth of the server's running
/// count, and the token ids or log-probabilities in the event. Without both, each event with text is assumed to hold one token, and only
/// a later count of the server can confirm that. A count of 0 and an empty list are no counts.
/// </para>
/// <para>
/// Where tokens come before any count, counts say nothing about single events any more, and only the total can confirm them. Where a count
/// stands still after it has grown, it may grow later. By as many tokens as there were events it confirms one token an event. By one less
/// it tells that the text of one token was cut into two events, as some servers do where reasoning ends. Any other growth leaves the
/// tokens of those events unknown.
/// </para>
/// </remarks>
internal sealed class TokenCount
{
    private int growthSeen;
    private int assumedSinceGrowth;
    private bool hasCutToken;
    private bool areSizesContradicted;
    private bool isFirstCounted;

    /// <summary>Sum of the tokens of all events.</summary>
    internal int OfEvents { get; private set; }

    /// <summary>Number of events whose single token is an assumption.</summary>
    internal int Assumed { get; private set; }

    /// <summary>The server's last count of the whole output; <c>null</c> as long as it has not counted.</summary>
    internal int? ByServer { get; private set; }

    /// <summary>Output tokens delivered; <c>null</c> where only an assumption tells.</summary>
    internal int? Delivered => ByServer ?? (Assumed == 0 && OfEvents > 0 ? OfEvents : null);

    /// <summary>Whether the number of tokens is certain for each event.</summary>
    internal bool AreSizesKnown => !areSizesContradicted && Delivered == OfEvents;

    /// <summary>
    /// Whether the first event with tokens certainly held the first token: the server counted its tokens, or the counts of all events are
    /// certain. Otherwise its text may be a placeholder that the server sent before its first token.
    /// </summary>
    internal bool IsFirstKnown => isFirstCounted || AreSizesKnown;

    /// <summary>Adds an event and returns the number of its tokens, as far as that can be known now.</summary>
    internal int Add(in ChunkFacts facts)
    {
        bool isFirst = OfEvents == 0;
        int assumedBefore = Assumed;
        int tokens = CountOf(facts);
        OfEvents += tokens;
        isFirstCounted |= isFirst && tokens > 0 && Assumed == assumedBefore;
        return tokens;
    }

    private int CountOf(in ChunkFacts facts)
    {
        int? count = facts.TokensSoFar is > 0 ? facts.TokensSoFar : null;
        ByServer = count ?? ByServer;

        // A count that began after the output, or that comes without output as in OpenAI's last event, says how many tokens there are and
        // not when they came.
        bool isRunning = growthSeen > 0 || OfEvents == 0;
        if (count > growthSeen && isRunning && facts.HasOutput)
        {
            return TakeGrowth(facts, count.Value);
        }

        return facts.Tokens is > 0 and { } tokens ? tokens : facts.HasText ? Assume() : 0;
    }

    /// <summary>The tokens of an event with which the running count has grown.</summary>
    private int TakeGrowth(in ChunkFacts facts, int soFar)
    {
        int growth = soFar - growthSeen;
        int waiting = assumedSinceGrowth;
        int left = Math.Max(0, soFar - OfEvents);
        (growthSeen, assumedSinceGrowth) = (soFar, 0);

        bool endsCutToken = facts.HasText && waiting == 1 && growth == 1;
        bool isConfirmed = waiting == 0 || endsCutToken || growth == waiting + (facts.HasText ? 1 : 0);

        // A cut token and a token without text together may as well be a count that is one event late.
        hasCutToken |= endsCutToken;
        bool isLate = hasCutToken && !facts.HasText;
        if (isConfirmed && !isLate && (facts.Tokens is not > 0 || facts.Tokens == left))
        {
            return left;
        }

        areSizesContradicted = true;
        return facts.Tokens is > 0 and { } tokens ? tokens : facts.HasText ? Assume() : 0;
    }

    private int Assume()
    {
        Assumed++;
        assumedSinceGrowth++;
        return 1;
    }
}
