namespace GreenServe.Records.Requests;

/// <summary>Where the tokens of a request lie in time, where only its first and its last are known: the others evenly between them.</summary>
public static class TokenSpread
{
    /// <summary>
    /// Tokens after the first that came between two times. At an edge this is a fraction of a token. Where the first and the last token
    /// have the same time, all of them came at that time.
    /// </summary>
    /// <param name="firstSeconds">First token (s).</param>
    /// <param name="lastSeconds">Last token (s).</param>
    /// <param name="tokens">Tokens in all, at least 1.</param>
    /// <param name="fromSeconds">Beginning (s).</param>
    /// <param name="toSeconds">End (s).</param>
    public static double LaterTokensBetween(double firstSeconds, double lastSeconds, int tokens, double fromSeconds, double toSeconds)
    {
        double length = lastSeconds - firstSeconds;
        double inside = Math.Min(toSeconds, lastSeconds) - Math.Max(fromSeconds, firstSeconds);
        double share = length > 0 ? Math.Max(0, inside) / length : firstSeconds >= fromSeconds && firstSeconds <= toSeconds ? 1 : 0;
        return (tokens - 1) * share;
    }
}
