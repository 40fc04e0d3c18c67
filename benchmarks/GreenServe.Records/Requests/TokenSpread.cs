namespace GreenServe.Records.Requests;

/// <summary>Where the tokens of a request lie in time, where only its first and its last are known: the others evenly between them.</summary>
public static class TokenSpread
{
    /// <summary>Tokens after the first that came between two times; a fraction at an edge. All at once where first and last are one instant.</summary>
    /// <param name="firstSeconds">First token (s).</param>
    /// <param name="lastSeconds">Last token (s).</param>
    /// <param name="tokens">Tokens in all, at least 1.</param>
    /// <param name="fromSeconds">Beginning (s).</param>
    /// <param name="toSeconds">End (s).</param>
    public static double LaterBetween(double firstSeconds, double lastSeconds, int tokens, double fromSeconds, double toSeconds)
    {
        double length = lastSeconds - firstSeconds;
        double inside = Math.Min(toSeconds, lastSeconds) - Math.Max(fromSeconds, firstSeconds);
        double share = length > 0 ? Math.Max(0, inside) / length : firstSeconds >= fromSeconds && firstSeconds <= toSeconds ? 1 : 0;
        return (tokens - 1) * share;
    }
}
