namespace GreenServe.Metering.Remote;

/// <summary>How far the clock of another host is ahead of the own one.</summary>
/// <param name="Seconds">Other clock minus own clock (s).</param>
/// <param name="ErrorSeconds">Bound on the error (s): half of the shortest round trip.</param>
internal readonly record struct ClockOffset(double Seconds, double ErrorSeconds)
{
    /// <summary>Estimates the offset from exchanges with the other host.</summary>
    /// <remarks>
    /// The exchange with the shortest round trip bounds the offset best, because the other clock was read at some time between
    /// sending and receiving. Source: RFC 5905, section 8.
    /// </remarks>
    /// <param name="exchanges">The exchanges, at least one.</param>
    /// <exception cref="ArgumentException">There is no exchange, or one was received before it was sent.</exception>
    internal static ClockOffset Estimate(IReadOnlyCollection<ClockExchange> exchanges)
    {
        if (exchanges.Count == 0 || exchanges.Any(exchange => exchange.RoundTripSeconds < 0))
        {
            throw new ArgumentException("An offset needs an exchange that was received after it was sent.", nameof(exchanges));
        }

        ClockExchange best = exchanges.MinBy(exchange => exchange.RoundTripSeconds);
        return new ClockOffset(best.OtherSeconds - ((best.SentSeconds + best.ReceivedSeconds) / 2), best.RoundTripSeconds / 2);
    }
}

/// <summary>A question for the time of another host, and its answer.</summary>
/// <param name="SentSeconds">The own time when the question was sent (s).</param>
/// <param name="OtherSeconds">The time of the other host in its answer (s).</param>
/// <param name="ReceivedSeconds">The own time when the answer came (s).</param>
internal readonly record struct ClockExchange(double SentSeconds, double OtherSeconds, double ReceivedSeconds)
{
    internal double RoundTripSeconds => ReceivedSeconds - SentSeconds;
}
