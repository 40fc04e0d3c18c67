using GreenServe.Records.Prometheus;

namespace GreenServe.Tests.Records.Prometheus;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("# TYPE joules_total counter", true)]
    [InlineData("#TYPE joules_total counter", false)]
    [InlineData("# TYPE joules_total gauge", false)]
    [InlineData("# TYPE joules counter", false)]
    [InlineData("", false)]
    public void Series_AreCounters_WhereTheCommentOfTheMetricSaysSo(string comment, bool isStated) =>
        Assert.Equal(
            isStated, Assert.Single(PrometheusText.Series($"{comment}\njoules_total 5\n", name => name == "joules_total")).IsStatedCounter);

    [Fact]
    public void Series_KeepNameAndLabelsAsExposed()
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
            PrometheusText.Series(text, _ => true).Where(series => double.IsFinite(series.Value))
                .Select(series => (series.Text, series.Value)));
    }

    [Theory]
    [InlineData("m 5", 5)]
    [InlineData("m{} 5", 5)]
    [InlineData("m{a=\"x\\\\y\\n\\\"z\"} 1e3 1690000000000", 1000)]
    [InlineData("m{a=\"}\",b=\"{\"} -2.5", -2.5)]
    [InlineData("m{a=\"1\", b=\"2\",} 7\r", 7)]
    [InlineData("m +Inf", double.PositiveInfinity)]
    public void Series_ReadsTheFormat(string line, double value) =>
        Assert.Equal(value, Assert.Single(PrometheusText.Series(line, metric => metric == "m")).Value);

    [Theory]
    [InlineData("m")]
    [InlineData("m{a=\"x} 5")]
    [InlineData("m{a=x} 5")]
    [InlineData("m{a=\"x\"}")]
    [InlineData("m{a=\"x\"")]
    [InlineData("m five")]
    [InlineData("# m 5")]
    [InlineData("mm 5")]
    public void Series_PassesOverWhatIsNone(string line) => Assert.Empty(PrometheusText.Series(line, metric => metric == "m"));

    [Fact]
    public void Series_KeepsLabels_Unescaped() =>
        Assert.Equal("x\\y\n\"z", Assert.Single(PrometheusText.Series("m{a=\"x\\\\y\\n\\\"z\"} 1", metric => metric == "m")).Labels["a"]);
}
