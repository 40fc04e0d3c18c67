using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Traces;

/// <summary>Statistics of a trace: its rate, its burstiness, its lengths and its request classes.</summary>
public sealed record TraceSummary
{
    /// <summary>Description of the method by which percentiles are taken.</summary>
    public const string PercentileMethod = Percentile.Method;

    /// <summary>Number of requests with tokens.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of rows left out because their input or output had no tokens.</summary>
    public required long RowsWithoutTokens { get; init; }

    /// <summary>Time from the first to the last request (s).</summary>
    public required double SpanSeconds { get; init; }

    /// <summary>Mean rate: (requests - 1) / span, the reciprocal of the mean gap; <c>null</c> where the span is 0.</summary>
    public required double? RequestsPerSecond { get; init; }

    /// <summary>Population standard deviation of the gaps divided by their mean; <c>null</c> where the span is 0.</summary>
    public required double? GapCoefficientOfVariation { get; init; }

    /// <summary>Smallest number of requests in a whole minute of the span; <c>null</c> where the span is under a minute.</summary>
    public required int? MinPerMinute { get; init; }

    /// <summary>Largest number of requests in a whole minute of the span; <c>null</c> where the span is under a minute.</summary>
    public required int? MaxPerMinute { get; init; }

    /// <summary>Summary of the input lengths.</summary>
    public required LengthSummary Input { get; init; }

    /// <summary>Summary of the output lengths.</summary>
    public required LengthSummary Output { get; init; }

    /// <summary>
    /// Share of the input tokens that an earlier request began with, in [0, 1); <c>null</c> where the trace does not say what is shared.
    /// </summary>
    public required double? SharedShare { get; init; }

    /// <summary>Share of each of the nine request classes, in [0, 1], in the order of <see cref="RequestClass.All"/>.</summary>
    public required IReadOnlyList<(RequestClass Class, double Share)> ClassShares { get; init; }

    /// <summary>Summarises a trace.</summary>
    /// <param name="trace">The trace, with at least one request.</param>
    /// <param name="cuts">Cuts of the request classes; <c>null</c> for the default ones.</param>
    public static TraceSummary Of(Trace trace, RequestClassCuts? cuts = null)
    {
        IReadOnlyList<TraceRequest> requests = trace.Requests;
        double span = requests[^1].ArrivalSeconds - requests[0].ArrivalSeconds;
        Dictionary<RequestClass, int> classes = requests
            .CountBy(request => (cuts ?? new RequestClassCuts()).Classify(request.InputTokens, request.OutputTokens)).ToDictionary();
        int[] perMinute = PerWholeMinute(requests, span);
        return new TraceSummary
        {
            Requests = requests.Count,
            RowsWithoutTokens = trace.RowsWithoutTokens,
            SpanSeconds = span,
            RequestsPerSecond = span > 0 ? (requests.Count - 1) / span : null,
            GapCoefficientOfVariation = span > 0 ? GapVariation(requests, span / (requests.Count - 1)) : null,
            MinPerMinute = perMinute.Length > 0 ? perMinute.Min() : null,
            MaxPerMinute = perMinute.Length > 0 ? perMinute.Max() : null,
            SharedShare = trace.Prefixes is { } prefixes ? SharedShareOf(requests, prefixes) : null,
            Input = LengthSummary.Of(requests.Select(request => request.InputTokens)),
            Output = LengthSummary.Of(requests.Select(request => request.OutputTokens)),
            ClassShares =
            [
                .. RequestClass.All.Select(candidate => (candidate, classes.GetValueOrDefault(candidate) / (double)requests.Count)),
            ],
        };
    }

    private static double SharedShareOf(IReadOnlyList<TraceRequest> requests, TracePrefixes prefixes)
    {
        PrefixTree tree = new(prefixes);
        for (int index = 0; index < requests.Count; index++)
        {
            tree.Add(index, requests[index].InputTokens);
        }

        return tree.SharedShare;
    }

    private static double GapVariation(IReadOnlyList<TraceRequest> requests, double meanGap)
    {
        double squares = 0;
        for (int index = 1; index < requests.Count; index++)
        {
            double deviation = requests[index].ArrivalSeconds - requests[index - 1].ArrivalSeconds - meanGap;
            squares += deviation * deviation;
        }

        return Math.Sqrt(squares / (requests.Count - 1)) / meanGap;
    }

    // The last minute is rarely complete, and a part of a minute would look like a lull.
    private static int[] PerWholeMinute(IReadOnlyList<TraceRequest> requests, double span)
    {
        int[] counts = new int[(int)(span / 60)];
        foreach (TraceRequest request in requests)
        {
            int minute = (int)((request.ArrivalSeconds - requests[0].ArrivalSeconds) / 60);
            if (minute < counts.Length)
            {
                counts[minute]++;
            }
        }

        return counts;
    }
}
