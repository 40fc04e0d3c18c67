using GreenServe.Serving.Servers;

namespace GreenServe.Tests.Serving.Servers;

public sealed class ServerMetricNamesTests
{
    [Theory]
    [InlineData("vllm:num_requests_waiting{model_name=\"m\"}", true)]
    [InlineData("sglang:token_usage{}", true)]
    [InlineData("llamacpp:requests_processing", true)]
    [InlineData("python_gc_objects_collected_total{generation=\"0\"}", false)]
    [InlineData("vllm:time_to_first_token_seconds_bucket{le=\"0.1\"}", false)]
    public void Names_KeepLoadCacheAndTokens(string name, bool isKept) => Assert.Equal(isKept, ServerMetricNames.IsKept(name));
}
