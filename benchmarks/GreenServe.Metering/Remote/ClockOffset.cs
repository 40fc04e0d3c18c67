namespace GreenServe.Metering.Remote;

/// <summary>How far another host's clock is ahead of this one's.</summary>
/// <param name="Seconds">Other clock minus own clock (s).</param>
/// <param name="ErrorSeconds">The truth lies within ± this (s): half the shortest round trip.</param>
public readonly record struct ClockOffset(double Seconds, double ErrorSeconds)
{
    /// <summary>
    /// The offset from exchanges of own time sent, other's time, own time received. The exchange with the shortest round trip
    /// bounds it best, since the other clock was read at some time between. Source: RFC 5905, section 8.
    /// </summary>
    /// <exception cref="ArgumentException">There is no exchange, or one was received before it was sent.</exception>
    public static ClockOffset Estimate(IReadOnlyCollection<(double SentSeconds, double OtherSeconds, double ReceivedSeconds)> exchanges)
    {
        if (exchanges.Count == 0 || exchanges.Any(exchange => exchange.ReceivedSeconds < exchange.SentSeconds))
        {
            throw new ArgumentException("An offset needs an exchange that was received after it was sent.", nameof(exchanges));
        }

        (double sent, double other, double received) = exchanges.MinBy(exchange => exchange.ReceivedSeconds - exchange.SentSeconds);
        return new ClockOffset(other - ((sent + received) / 2), (received - sent) / 2);
    }
}
