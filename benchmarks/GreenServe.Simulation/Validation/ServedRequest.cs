using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Validation;

/// <summary>When a completed request was sent and got its tokens, on the clock of its run.</summary>
/// <param name="IssuedSeconds">Sent (s).</param>
/// <param name="FirstSeconds">First token (s).</param>
/// <param name="CompletedSeconds">Last token (s).</param>
/// <param name="OutputTokens">Tokens it got, at least 1.</param>
internal readonly record struct ServedRequest(double IssuedSeconds, double FirstSeconds, double CompletedSeconds, int OutputTokens)
{
    /// <summary>Tokens that came between two times: the first one, and those after it evenly spread up to the last.</summary>
    internal double TokensBetween(double start, double end) =>
        (FirstSeconds >= start && FirstSeconds <= end ? 1 : 0) + TokenSpread.LaterTokensBetween(FirstSeconds, CompletedSeconds, OutputTokens, start, end);
}
