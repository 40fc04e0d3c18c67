using GreenServe.Records.Runs;

namespace GreenServe.Serving.ClientAccuracy;

/// <summary>How far the client's times are from the server's send log. Both processes must use the same monotonic clock.</summary>
public sealed record ClientAccuracyComparison
{
    /// <summary>Number of requests compared.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of tokens compared: those that both sides have.</summary>
    public required long Tokens { get; init; }

    /// <summary>Number of tokens that only one side has.</summary>
    public required long TokensMissing { get; init; }

    /// <summary>Histogram over requests: time from the sending of the first token to its receipt (s).</summary>
    public required LatencyHistogram FirstTokenErrors { get; init; }

    /// <summary>
    /// Histogram over requests: time from the issue of a request to its arrival at the server (s), which the client and both network
    /// stacks take.
    /// </summary>
    public required LatencyHistogram SendDelays { get; init; }

    /// <summary>Histogram over tokens: time from sending to receipt (s).</summary>
    public required LatencyHistogram TokenErrors { get; init; }

    /// <summary>Histogram over gaps between tokens: absolute difference between the gap as received and the gap as sent (s).</summary>
    public required LatencyHistogram GapErrors { get; init; }

    /// <summary>
    /// Tokens that the server sent per second, from its first to its last; <c>null</c> where no time lies between the two.
    /// </summary>
    public required double? SentTokensPerSecond { get; init; }

    /// <summary>Compares what the client saw with what the server sent.</summary>
    /// <param name="received">The requests as the client saw them.</param>
    /// <param name="sent">The server's send log, as <see cref="SendLogFile.Read"/> returns it.</param>
    /// <param name="ticksPerSecond">Frequency of the clock that both sides used.</param>
    public static ClientAccuracyComparison Of(
        IEnumerable<ReceivedRequest> received, IReadOnlyDictionary<string, IReadOnlyList<SentToken>> sent, double ticksPerSecond)
    {
        Accumulator sums = new(ticksPerSecond);
        foreach (ReceivedRequest request in received)
        {
            sums.Add(request, sent.GetValueOrDefault(request.Name) ?? []);
        }

        return sums.ToComparison();
    }

    private sealed class Accumulator(double ticksPerSecond)
    {
        private readonly LatencyHistogram firstTokens = new();
        private readonly LatencyHistogram sendDelays = new();
        private readonly LatencyHistogram tokens = new();
        private readonly LatencyHistogram gaps = new();
        private int requests;
        private long missing;
        private long? firstSent;
        private long? lastSent;

        internal void Add(ReceivedRequest request, IReadOnlyList<SentToken> log)
        {
            requests++;
            List<long> sent = [];
            foreach (SentToken entry in log)
            {
                if (entry.TokenIndex is null && request.IssuedTimestamp is { } issued)
                {
                    sendDelays.Add((entry.Timestamp - issued) / ticksPerSecond);
                }

                sent.AddRange(Enumerable.Repeat(entry.Timestamp, entry.Tokens));
            }

            missing += Math.Abs(sent.Count - request.TokenTimestamps.Count);
            int common = Math.Min(sent.Count, request.TokenTimestamps.Count);
            for (int token = 0; token < common; token++)
            {
                double error = (request.TokenTimestamps[token] - sent[token]) / ticksPerSecond;
                tokens.Add(error);
                if (token == 0)
                {
                    firstTokens.Add(error);
                }
                else
                {
                    gaps.Add(Math.Abs(error - ((request.TokenTimestamps[token - 1] - sent[token - 1]) / ticksPerSecond)));
                }
            }

            if (sent.Count > 0)
            {
                firstSent = Math.Min(firstSent ?? sent[0], sent[0]);
                lastSent = Math.Max(lastSent ?? sent[^1], sent[^1]);
            }
        }

        internal ClientAccuracyComparison ToComparison() => new()
        {
            Requests = requests,
            Tokens = tokens.Count,
            TokensMissing = missing,
            FirstTokenErrors = firstTokens,
            SendDelays = sendDelays,
            TokenErrors = tokens,
            GapErrors = gaps,
            SentTokensPerSecond = lastSent > firstSent ? tokens.Count / ((lastSent - firstSent) / ticksPerSecond) : null,
        };
    }
}
