using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Metrics;

/// <summary>The requests and tokens served inside a window.</summary>
/// <param name="OutputTokens">Output tokens delivered in the window.</param>
/// <param name="InputTokens">Input tokens of the requests whose first token came in the window.</param>
/// <param name="Requests">Number of requests completed in the window.</param>
/// <param name="CutRequests">Number of requests that reach over an edge of the window.</param>
public sealed record WindowTraffic(Reading OutputTokens, Reading InputTokens, int Requests, int CutRequests)
{
    /// <summary>Counts what was served inside a window.</summary>
    /// <remarks>
    /// The first token of a request counts when it came. The other tokens are spread evenly up to the request's end. That is exact for a
    /// request inside the window, and off by a token or so for a request that reaches over an edge.
    /// </remarks>
    /// <param name="requests">Every request of the run.</param>
    /// <param name="window">The window.</param>
    public static WindowTraffic Of(IReadOnlyList<RequestRecord> requests, MeasurementWindow window)
    {
        double output = 0;
        double input = 0;
        int completed = 0;
        int cut = 0;
        int uncounted = 0;
        foreach (RequestRecord request in requests)
        {
            if (request.FirstTokenSeconds is not { } first || request.CompletedSeconds is not { } end)
            {
                continue;
            }

            if (end <= window.StartSeconds || first > window.EndSeconds)
            {
                continue;
            }

            bool startsInside = first > window.StartSeconds;
            bool endsInside = end <= window.EndSeconds;
            input += startsInside ? request.InputTokensCounted ?? request.InputTokensAsked : 0;
            completed += endsInside && request.Status == RequestStatus.Completed ? 1 : 0;
            cut += startsInside && endsInside ? 0 : 1;
            if (request.OutputTokensCounted is not { } tokens)
            {
                uncounted++;
                continue;
            }

            double share = end > first
                ? (Math.Min(end, window.EndSeconds) - Math.Max(first, window.StartSeconds)) / (end - first)
                : 1;
            output += (startsInside ? Math.Min(tokens, 1) : 0) + (Math.Max(0, tokens - 1) * share);
        }

        Reading outputTokens = uncounted == 0 ? Reading.Of(output) : Reading.Missing($"{uncounted} requests have no output token count");
        return new WindowTraffic(outputTokens, Reading.Of(input), completed, cut);
    }
}
