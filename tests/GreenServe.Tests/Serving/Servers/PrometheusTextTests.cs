using GreenServe.Serving.Servers;

namespace GreenServe.Tests.Serving.Servers;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Parse_ReadsNamesWithLabelsAndValues()
    {
        const string text = """
            # HELP vllm:num_requests_running Number of requests in model execution batches.
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="a \"b\" {c} d"} 3.0
            vllm:kv_cache_usage_perc{engine="0"} 2.5e-01 1755849600000
            tgi_queue_size 0
            process_start_time_seconds 1.7e+09
            broken{
            nothing{a="b"}
            not_a_number NaN
            infinite +Inf
            """;

        Assert.Equal(
            [
                ("vllm:num_requests_running{engine=\"0\",model_name=\"a \\\"b\\\" {c} d\"}", 3),
                ("vllm:kv_cache_usage_perc{engine=\"0\"}", 0.25),
                ("tgi_queue_size", 0),
                ("process_start_time_seconds", 1.7e9),
            ],
            PrometheusText.Parse(text.Replace("\\\"", "\\\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("vllm:num_requests_waiting{model_name=\"m\"}", true)]
    [InlineData("sglang:token_usage{}", true)]
    [InlineData("llamacpp:requests_processing", true)]
    [InlineData("python_gc_objects_collected_total{generation=\"0\"}", false)]
    [InlineData("vllm:time_to_first_token_seconds_bucket{le=\"0.1\"}", false)]
    public void Names_KeepLoadCacheAndTokens(string name, bool isKept) => Assert.Equal(isKept, ServerMetricNames.IsKept(name));
}
