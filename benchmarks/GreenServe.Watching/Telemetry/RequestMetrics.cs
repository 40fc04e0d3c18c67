using System.Diagnostics;
using System.Diagnostics.Metrics;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Running.Live;
using GreenServe.Serving.Load;

namespace GreenServe.Watching.Telemetry;

/// <summary>Histograms of every request of a measured load, warm-up included.</summary>
/// <remarks>
/// Nothing is counted for each chunk: a count takes about a microsecond, and a hundred thousand chunks a second would take a tenth of a
/// processor core from the client.
/// </remarks>
internal sealed class RequestMetrics
{
    // The bounds that the semantic conventions state.
    private static readonly double[] SecondsBounds =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    private static readonly double[] TokenBounds =
        [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    // The time for a token and the lag of a client are often shorter than the first of those bounds.
    private static readonly double[] ShortBounds =
        [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.25, 0.5, 1];

    private readonly Histogram<long> usage;
    private readonly Histogram<double> duration;
    private readonly Histogram<double> firstChunk;
    private readonly Histogram<double> perToken;
    private readonly Histogram<double> lag;

    internal RequestMetrics(Meter meter)
    {
        InstrumentAdvice<long> tokens = new() { HistogramBucketBoundaries = [.. TokenBounds.Select(bound => (long)bound)] };
        usage = meter.CreateHistogram(MetricName.TokenUsage, "{token}", "Number of input and output tokens used.", tags: null, tokens);
        duration = Seconds(meter, MetricName.OperationDuration, "Time from the issue of a request to its end.", SecondsBounds);
        firstChunk = Seconds(
            meter, MetricName.TimeToFirstChunk, "TTFT: time from the issue of a request to its first chunk with tokens.", SecondsBounds);
        perToken = Seconds(
            meter,
            MetricName.TimePerOutputToken,
            "TPOT: time from the first token to the last, divided by the tokens after the first.",
            ShortBounds);
        lag = Seconds(meter, MetricName.ScheduleLag, "Time from when a request was to be sent to when it was sent.", ShortBounds);
    }

    /// <summary>What counts the requests of a load.</summary>
    internal Action<RequestTrace> Counting(LiveTarget target)
    {
        TagList common = new()
        {
            { MetricName.Operation, target.IsChat ? "chat" : "text_completion" },
            { MetricName.Provider, "openai" },
            { MetricName.RequestModel, target.Model },
            { MetricName.ServerAddress, target.Server.Host },
            { MetricName.ServerPort, target.Server.Port },
            { MetricName.Evidence, EnumText.Of(target.Evidence) },
        };
        if (target.Point is { } point)
        {
            common.Add(MetricName.Point, point);
        }

        TagList input = common;
        input.Add(MetricName.TokenType, "input");
        TagList output = common;
        output.Add(MetricName.TokenType, "output");
        double ticks = target.Clock.TimestampFrequency;
        return trace => Count(trace, common, input, output, ticks);
    }

    private void Count(RequestTrace trace, in TagList common, in TagList input, in TagList output, double ticksPerSecond)
    {
        if (trace.IssuedTimestamp is not { } issued)
        {
            return;
        }

        lag.Record((issued - trace.ScheduledTimestamp - (trace.ClientQueueTicks ?? 0)) / ticksPerSecond, common);
        if (trace.CompletedTimestamp is { } end)
        {
            duration.Record((end - issued) / ticksPerSecond, WithError(common, trace.Status));
        }

        if (trace.InputTokens is { } inputTokens)
        {
            usage.Record(inputTokens, input);
        }

        if (trace.OutputTokens is { } outputTokens)
        {
            usage.Record(outputTokens, output);
        }

        if (trace.FirstTokenTimestamp is not { } first)
        {
            return;
        }

        firstChunk.Record((first - issued) / ticksPerSecond, common);
        if (trace is { Status: RequestStatus.Completed, OutputTokens: > 1 and var tokens, LastTokenTimestamp: { } last })
        {
            perToken.Record((last - first) / ticksPerSecond / (tokens - 1), common);
        }
    }

    private static TagList WithError(TagList tags, RequestStatus status)
    {
        if (status != RequestStatus.Completed)
        {
            tags.Add(MetricName.ErrorType, EnumText.Of(status));
        }

        return tags;
    }

    private static Histogram<double> Seconds(Meter meter, string name, string description, double[] bounds) => meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
