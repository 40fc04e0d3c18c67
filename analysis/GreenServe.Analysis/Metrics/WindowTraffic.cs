using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The requests and tokens served inside a window.</summary>
/// <param name="OutputTokens">Output tokens received in the window, whatever became of their requests.</param>
/// <param name="InputTokens">Input tokens of the requests whose first token came in the window.</param>
/// <param name="Served">The requests of the window, each by the share of its service time that lies in it.</param>
public sealed record WindowTraffic(Reading OutputTokens, Reading InputTokens, WindowRequests Served)
{
    /// <summary>Requests served in the window; a fraction.</summary>
    public double Requests => Served.ServedRequests;

    /// <summary>Counts what was served inside a window.</summary>
    /// <remarks>
    /// The first token of a request counts when it came. The other tokens are spread evenly up to the last. That is exact for a request
    /// inside the window, and off by a token or so for a request that reaches over an edge. Where the times of tokens are not known, all
    /// of them are spread over the request's service time.
    /// </remarks>
    /// <param name="manifest">The run, for its end and its own count of the window.</param>
    /// <param name="requests">Every request of the run.</param>
    /// <param name="window">The window.</param>
    public static WindowTraffic Of(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests, MeasurementWindow window)
    {
        Tally tally = new(manifest, window);
        foreach (RequestRecord request in requests)
        {
            tally.Add(request);
        }

        return tally.Traffic();
    }

    /// <summary>
    /// Output tokens of the window as the client counted them token by token; <c>null</c> where the run was not measured in this window.
    /// </summary>
    /// <remarks>
    /// Records of earlier builds hold no tokens of a request that was cut short, but the client counted them in its window.
    /// </remarks>
    private static double? OwnCount(RunManifest manifest, MeasurementWindow window) =>
        manifest.Window == window && manifest.Counters.TryGetValue(RunCounter.WindowOutputTokens.Name, out double count) ? count : null;

    /// <summary>
    /// Tokens of a request in a window; the output is <c>null</c> where it was not counted. <c>null</c> for a request without tokens in
    /// the window.
    /// </summary>
    private static (double? Output, double Input)? TokensOf(RequestRecord request, RunManifest manifest, MeasurementWindow window)
    {
        double last = request.LastTokenSeconds ?? request.CompletedSeconds ?? manifest.DurationSeconds ?? window.EndSeconds;
        int input = request.InputTokensCounted ?? request.InputTokensAsked;
        if (request.FirstTokenSeconds is not { } first)
        {
            if (request is not { IssuedSeconds: { } issued, OutputTokensCounted: { } all and > 0 } || last <= issued)
            {
                return null;
            }

            double share = window.OverlapSeconds(issued, last) / (last - issued);
            return (all * share, input * share);
        }

        if (last <= window.StartSeconds || first > window.EndSeconds)
        {
            return null;
        }

        bool startsInside = window.Contains(first);
        double? output = request.OutputTokensCounted is { } tokens
            ? (startsInside ? Math.Min(tokens, 1) : 0)
                + TokenSpread.LaterTokensBetween(first, last, Math.Max(1, tokens), window.StartSeconds, window.EndSeconds)
            : null;
        return (output, startsInside ? input : 0);
    }

    /// <summary>Counts what was served inside a window, one request after the other.</summary>
    /// <param name="manifest">The run, for its end and its own count of the window.</param>
    /// <param name="window">The window.</param>
    internal sealed class Tally(RunManifest manifest, MeasurementWindow window)
    {
        private double output;
        private double input;
        private int uncountedAnswers;
        private int uncountedCuts;

        /// <summary>The requests of the window that were added so far.</summary>
        internal WindowRequests Served { get; } = new(window);

        /// <summary>Adds a request of the run, whenever it ran.</summary>
        internal void Add(RequestRecord request)
        {
            Served.Add(RequestSpan.Of(request));
            if (TokensOf(request, manifest, window) is not { } tokens)
            {
                return;
            }

            output += tokens.Output ?? 0;
            input += tokens.Input;
            bool isAnswered = request.Status is RequestStatus.Completed or RequestStatus.WrongLength;
            uncountedAnswers += tokens.Output is null && isAnswered ? 1 : 0;
            uncountedCuts += tokens.Output is null && !isAnswered ? 1 : 0;
        }

        /// <summary>What was served, when every request has been added.</summary>
        internal WindowTraffic Traffic()
        {
            Reading counted = (uncountedAnswers, uncountedCuts) switch
            {
                _ when manifest.Counters.ContainsKey(RunCounter.RequestsCountedByEvents.Name) =>
                    Reading.Missing("the server counts no tokens, and an event may hold several"),
                (0, 0) => Reading.Of(output),
                (0, _) when OwnCount(manifest, window) is { } own => Reading.Of(own),
                _ => Reading.Missing($"{uncountedAnswers + uncountedCuts} requests have no output token count"),
            };
            return new WindowTraffic(counted, Reading.Of(input), Served);
        }
    }
}
