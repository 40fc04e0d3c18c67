namespace GreenServe.Simulation.Validation;

/// <summary>
/// The part of a run that is compared, by the rule of a measurement: from the end of warm-up to the last request sent. Both sides, measured
/// and simulated, are cut by it, each at its own times.
/// </summary>
/// <param name="StartSeconds">Its start, on the clock of the requests (s).</param>
/// <param name="EndSeconds">Its end (s).</param>
/// <param name="Requests">Completed requests sent in it.</param>
/// <param name="OutputTokens">Tokens that came in it, of all requests; those after the first evenly spread up to the last.</param>
internal sealed record ServedWindow(double StartSeconds, double EndSeconds, IReadOnlyList<ServedRequest> Requests, double OutputTokens)
{
    /// <summary>Shortest window worth comparing (s); with less, or without warm-up, the whole run counts.</summary>
    private const double ShortestSeconds = 2;

    internal double Seconds => EndSeconds - StartSeconds;

    /// <summary>Mean time to first token (s); <c>null</c> without requests.</summary>
    internal double? TtftSeconds => Requests.Count == 0 ? null : Requests.Average(request => request.FirstSeconds - request.IssuedSeconds);

    /// <summary>Mean time between tokens of a request (s), over the requests; <c>null</c> where none has two tokens.</summary>
    internal double? TbtSeconds => Requests.Where(request => request.OutputTokens > 1)
        .Select(request => (double?)((request.CompletedSeconds - request.FirstSeconds) / (request.OutputTokens - 1))).Average();

    /// <summary>The window of a run.</summary>
    /// <param name="requests">Its completed requests; at least one.</param>
    /// <param name="warmUpSeconds">End of warm-up on their clock (s); 0 or less for none.</param>
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
