namespace GreenServe.Records.Requests;

/// <summary>
/// Estimates when the tokens of a request were received if only the times of its first and last token are known. The other tokens
/// are taken to lie evenly between them.
/// </summary>
public static class TokenSpread
{
    /// <summary>
    /// Number of tokens after the first that were received between two times; a fraction where a time falls between two tokens.
    /// Where the first and the last token have the same time, all tokens were received at that time.
    /// </summary>
    /// <param name="firstSeconds">Time of the first token (s).</param>
    /// <param name="lastSeconds">Time of the last token (s).</param>
    /// <param name="tokens">Number of tokens of the request, at least 1.</param>
    /// <param name="fromSeconds">Beginning of the interval (s), which does not belong to it.</param>
    /// <param name="toSeconds">End of the interval (s).</param>
    public static double LaterTokensBetween(double firstSeconds, double lastSeconds, int tokens, double fromSeconds, double toSeconds)
    {
        double length = lastSeconds - firstSeconds;
        double inside = Math.Min(toSeconds, lastSeconds) - Math.Max(fromSeconds, firstSeconds);
        double share = length > 0 ? Math.Max(0, inside) / length : firstSeconds > fromSeconds && firstSeconds <= toSeconds ? 1 : 0;
        return (tokens - 1) * share;
    }
}
