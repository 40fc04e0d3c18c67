using GreenServe.Records.Runs;

namespace GreenServe.Serving.ClientAccuracy;

/// <summary>How far a client's times are from its server's send log. Both clocks must be the same.</summary>
public sealed record ClientAccuracyComparison
{
    /// <summary>Requests compared.</summary>
    public required int Requests { get; init; }

    /// <summary>Tokens compared.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens that one side has and the other has not.</summary>
    public required long TokensMissing { get; init; }

    /// <summary>First token received - first token sent (s), over requests.</summary>
    public required LatencyHistogram FirstTokenErrors { get; init; }

    /// <summary>Request arrived at the server - issued (s): what the client and both network stacks take to send it.</summary>
    public required LatencyHistogram SendDelays { get; init; }

    /// <summary>Token received - token sent (s), over all tokens.</summary>
    public required LatencyHistogram TokenErrors { get; init; }

    /// <summary>|gap between two receipts - gap between the two sends| (s), over all gaps.</summary>
    public required LatencyHistogram GapErrors { get; init; }

    /// <summary>Tokens the server sent a second, between its first and its last.</summary>
    public required double SentTokensPerSecond { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="received">What the client saw.</param>
    /// <param name="sent">The server's send log.</param>
    /// <param name="ticksPerSecond">Of the common clock.</param>
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
        private long firstSent = long.MaxValue;
        private long lastSent;

        internal void Add(ReceivedRequest request, IReadOnlyList<SentToken> log)
        {
            requests++;
            List<long> sent = [];
            foreach (SentToken entry in log)
            {
                if (entry.TokenIndex < 0)
                {
                    sendDelays.Add((entry.Timestamp - request.IssuedTimestamp) / ticksPerSecond);
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
                firstSent = Math.Min(firstSent, sent[0]);
                lastSent = Math.Max(lastSent, sent[^1]);
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
            SentTokensPerSecond = lastSent > firstSent ? tokens.Count / ((lastSent - firstSent) / ticksPerSecond) : 0,
        };
    }
}
