using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// The part of a run that is compared: from the end of the warm-up to the last request sent, or the whole run where that would be too
/// short. Measured and simulated runs are cut by the same rule, each at its own times.
/// </summary>
/// <param name="StartSeconds">Start of the window on the clock of the requests, in seconds.</param>
/// <param name="EndSeconds">End of the window on the clock of the requests, in seconds.</param>
/// <param name="Requests">Completed requests that were sent in the window; at least one.</param>
/// <param name="OutputTokens">
/// Number of tokens of all requests that came in the window. Tokens after the first are spread evenly up to the last.
/// </param>
internal sealed record ServedWindow(double StartSeconds, double EndSeconds, IReadOnlyList<ServedRequest> Requests, double OutputTokens)
{
    /// <summary>Shortest window that is compared, in seconds. A shorter one has too few steps, and the whole run counts instead.</summary>
    private const double ShortestSeconds = 2;

    /// <summary>Length of the window, in seconds.</summary>
    internal double Seconds => EndSeconds - StartSeconds;

    /// <summary>Mean time to first token, in seconds.</summary>
    internal double TtftSeconds => Requests.Average(request => request.FirstSeconds - request.IssuedSeconds);

    /// <summary>Mean over the requests of the mean time between their tokens, in seconds; <c>null</c> where none has two tokens.</summary>
    internal double? TbtSeconds => Requests.Where(request => request.OutputTokens > 1)
        .Select(request => (double?)((request.CompletedSeconds - request.FirstSeconds) / (request.OutputTokens - 1))).Average();

    /// <summary>The window of a run.</summary>
    /// <param name="requests">The completed requests of the run; at least one.</param>
    /// <param name="warmUpSeconds">End of the warm-up on the clock of the requests, in seconds; 0 or less for a run without one.</param>
    internal static ServedWindow Of(IReadOnlyList<ServedRequest> requests, double warmUpSeconds)
    {
        ServedRequest[] counted = [.. requests.Where(request => request.IssuedSeconds >= warmUpSeconds)];
        double end = requests.Max(request => request.IssuedSeconds);
        bool cut = warmUpSeconds > 0 && counted.Length > 0 && end - warmUpSeconds >= ShortestSeconds;
        (double start, double stop) = cut
            ? (warmUpSeconds, end)
            : (requests.Min(request => request.IssuedSeconds), requests.Max(request => request.CompletedSeconds));
        return new ServedWindow(start, stop, cut ? counted : requests, requests.Sum(request => request.TokensBetween(start, stop)));
    }
}

/// <summary>Times at which a completed request was sent and got its tokens, on the clock of its run.</summary>
/// <param name="IssuedSeconds">Time at which it was sent, in seconds.</param>
/// <param name="FirstSeconds">Time of its first token, in seconds.</param>
/// <param name="CompletedSeconds">Time of its last token, in seconds.</param>
/// <param name="OutputTokens">Number of tokens that it got, at least 1.</param>
internal readonly record struct ServedRequest(double IssuedSeconds, double FirstSeconds, double CompletedSeconds, int OutputTokens)
{
    /// <summary>Number of tokens between two times. Tokens after the first are spread evenly up to the last.</summary>
    internal double TokensBetween(double startSeconds, double endSeconds) =>
        (FirstSeconds > startSeconds && FirstSeconds <= endSeconds ? 1 : 0)
        + TokenSpread.LaterTokensBetween(FirstSeconds, CompletedSeconds, OutputTokens, startSeconds, endSeconds);
}
