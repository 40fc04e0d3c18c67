using GreenServe.Records.Requests;

namespace GreenServe.Serving.Interop;

/// <summary>When the tokens of the completed requests of a run came, in the terms of <c>vllm bench serve</c>.</summary>
internal sealed class VllmTokenTimes
{
    private readonly RequestRecord[] completed;
    private readonly Dictionary<long, double[]> times;

    /// <summary>Groups token times by request.</summary>
    /// <param name="tokens">The token times of the record, those of a request in order; empty if they were not kept.</param>
    /// <param name="completed">The completed requests after the warm-up.</param>
    internal VllmTokenTimes(IReadOnlyList<TokenTime> tokens, RequestRecord[] completed)
    {
        this.completed = completed;
        times = tokens.GroupBy(token => token.RequestId).ToDictionary(
            request => request.Key, request => request.OrderBy(token => token.Index).Select(token => token.Seconds).ToArray());
    }

    /// <summary>Whether the record keeps the time of every token.</summary>
    internal bool AreKept => times.Count > 0;

    /// <summary>The gaps of all requests (s).</summary>
    internal IEnumerable<double> Gaps => completed.SelectMany(GapsOf);

    /// <summary>The gaps between the chunks of a request (s). Tokens of one time came in one chunk.</summary>
    internal double[] GapsOf(RequestRecord request)
    {
        double[] own = times.GetValueOrDefault(request.Id) ?? [];
        return [.. own.Zip(own.Skip(1), (earlier, later) => later - earlier).Where(gap => gap > 0)];
    }

    /// <summary>
    /// Highest number of tokens in one of the seconds since the first request was sent. Where no times are kept, the tokens of a request
    /// are spread evenly from the first to the last.
    /// </summary>
    internal double HighestTokensPerSecond()
    {
        Dictionary<long, double> seconds = [];
        double start = completed.Select(request => request.IssuedSeconds ?? request.ScheduledSeconds).DefaultIfEmpty(0).Min();
        void Add(long second, double tokens) => seconds[second] = seconds.GetValueOrDefault(second) + tokens;
        foreach (RequestRecord request in completed)
        {
            if (times.TryGetValue(request.Id, out double[]? own))
            {
                foreach (double time in own)
                {
                    Add((long)(time - start), 1);
                }
            }
            else if (request is { FirstTokenSeconds: { } first, OutputTokensCounted: { } tokens and > 0 })
            {
                double last = request.LastTokenSeconds ?? request.CompletedSeconds ?? first;
                Add((long)(first - start), 1);
                for (long second = (long)(first - start); second <= last - start; second++)
                {
                    Add(second, TokenSpread.LaterTokensBetween(first, last, tokens, start + second, start + second + 1));
                }
            }
        }

        return seconds.Values.DefaultIfEmpty(0).Max();
    }
}
