using System.Globalization;
using System.Text;
using GreenServe.Engine.Simulated;

namespace GreenServe.Engine.Http;

/// <summary>
/// The metrics that the HTTP server publishes at <c>/metrics</c>. They have vLLM's names, so that one scraper and one dashboard work with
/// both servers. The energy of a simulated engine has the names of dcgm-exporter.
/// </summary>
internal sealed class HttpServerMetrics(IInferenceEngine engine, SimulatedMeter? meter = null)
{
    // Upper bounds from the gaps of a small model on a fast server to the waits of an overloaded one.
    private static readonly double[] SecondsToFirstToken =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];

    private static readonly double[] SecondsBetweenTokens =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly PrometheusHistogram firstToken = new(SecondsToFirstToken);
    private readonly PrometheusHistogram betweenTokens = new(SecondsBetweenTokens);
    private readonly long[] finished = new long[Enum.GetValues<FinishReason>().Length];
    private long promptTokens;
    private long outputTokens;

    internal void CountPrompt(int tokens) => Interlocked.Add(ref promptTokens, tokens);

    internal void CountTokens(int tokens, double secondsSincePrevious, bool isFirst)
    {
        Interlocked.Add(ref outputTokens, tokens);
        (isFirst ? firstToken : betweenTokens).Observe(secondsSincePrevious);
    }

    internal void CountFinish(FinishReason reason) => Interlocked.Increment(ref finished[(int)reason]);

    /// <summary>Writes the metrics in Prometheus' text format.</summary>
    internal string Write()
    {
        EngineStatus status = engine.ReadStatus();
        string label = $"model_name=\"{EscapeLabel(engine.Model.Name)}\"";
        StringBuilder text = new();
        Add("num_requests_running", "gauge", status.Running);
        Add("num_requests_waiting", "gauge", status.Waiting);
        Add("kv_cache_usage_perc", "gauge", status.KvCacheRatio);
        Add("num_preemptions_total", "counter", status.Preemptions);
        Add("prefix_cache_queries_total", "counter", status.PrefixQueryTokens);
        Add("prefix_cache_hits_total", "counter", status.PrefixHitTokens);
        Add("prompt_tokens_total", "counter", Interlocked.Read(ref promptTokens));
        Add("generation_tokens_total", "counter", Interlocked.Read(ref outputTokens));
        text.Append("# TYPE vllm:request_success_total counter\n");
        foreach (FinishReason reason in (ReadOnlySpan<FinishReason>)[FinishReason.Stop, FinishReason.Length, FinishReason.Cancelled])
        {
            string name = FinishReasonNames.NameOf(reason);
            long count = Interlocked.Read(ref finished[(int)reason]);
            text.Append(
                CultureInfo.InvariantCulture, $"vllm:request_success_total{{finished_reason=\"{name}\",{label}}} {count}\n");
        }

        firstToken.Write(text, "vllm:time_to_first_token_seconds", label);
        betweenTokens.Write(text, "vllm:inter_token_latency_seconds", label);
        if (meter is not null)
        {
            SimulatedMeterText.Write(text, meter);
        }

        return text.ToString();

        void Add(string name, string type, double? value)
        {
            if (value is { } known)
            {
                text.Append(CultureInfo.InvariantCulture, $"# TYPE vllm:{name} {type}\nvllm:{name}{{{label}}} {known}\n");
            }
        }
    }

    internal static string EscapeLabel(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
