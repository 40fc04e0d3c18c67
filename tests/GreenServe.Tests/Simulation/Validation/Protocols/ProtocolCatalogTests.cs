using GreenServe.Records;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Validation.Protocols;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation.Protocols;

public sealed class ProtocolCatalogTests
{
    [Fact]
    public void All_NameAnEngineThatExists() =>
        Assert.All(ProtocolCatalog.All, protocol => Assert.NotNull(EngineCatalog.TryFind(protocol.Engine)));

    [Theory]
    [InlineData("splitwise-sim perf_model.csv @8f99e7d (MIT)", "vLLM 2023", "splitwise")]
    [InlineData("ML.ENERGY leaderboard-v2 @c3af7f3 (Apache-2.0)", "vLLM 2024 pp2", "ml-energy-v2")]
    [InlineData("ML.ENERGY leaderboard v3 @0cd52da", "vLLM 2025", "ml-energy-v3")]
    [InlineData("aiconfigurator silicon_sample.csv @095f58a (Apache-2.0)", "vllm nan", "inferencex-vllm")]
    [InlineData("aiconfigurator silicon_sample.csv @095f58a (Apache-2.0)", "vllm 0.12.0", "aiconfigurator-vllm")]
    [InlineData("aiconfigurator silicon_sample.csv @095f58a (Apache-2.0)", "trtllm 1.0.0rc3", "aiconfigurator-trtllm")]
    [InlineData("aiconfigurator silicon_sample.csv @095f58a (Apache-2.0)", "sglang 0.5.1.post1", "aiconfigurator-sglang")]
    [InlineData("aiconfigurator silicon_sample.csv @095f58a (Apache-2.0)", "sglang 0.5.6.post2", "aiconfigurator-sglang-load")]
    [InlineData("my own measurement", "vllm 0.9", "closed-loop")]
    [InlineData("my own measurement", "vLLM 2024 pp2", "closed-loop")]
    [InlineData("my own measurement", "pencil", null)]
    [InlineData("my own measurement", null, null)]
    public void FindFor_TakesTheLongestMatch(string source, string? stack, string? name) =>
        Assert.Equal(name, ProtocolCatalog.FindFor(source, stack)?.Name);

    [Theory]
    [InlineData("vllm 0.5.4", "vllm-0.5")]
    [InlineData("vLLM 2025", "vllm-0.11")]
    [InlineData("vllm 0.12.0", "vllm-0.12")]
    [InlineData("TensorRT-LLM 1.0 pytorch", "trtllm-1.0")]
    [InlineData("sglang 0.5.6", "sglang-0.5")]
    [InlineData("vllm 1.0", "vllm-inferencex")]
    public void FindFor_TakesTheEngineOfTheStack_WhereTheSourceIsNotKnown(string stack, string engine) =>
        Assert.Equal(engine, ProtocolCatalog.FindFor("my own measurement", stack)!.Engine);

    [Fact]
    public void Find_ReportsEveryProblem_OfAFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bad.yaml", """
            name: bad
            source: nowhere
            engine: vllm-0.11
            applies_to: [{}]
            load: { rounds: 0, shortest_ratio: 2 }
            settings:
              - { step_tokens: 8192, step_tokens_beyond_input: 1, scheduler: { batch_wait_ratio: 0.9 } }
            """);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ProtocolCatalog.Find(path));

        Assert.Equal(
            [
                "$.applies_to[0]", "$.load.rounds", "$.load.shortest_ratio", "$.settings[0]",
                "$.settings[0].scheduler.batch_wait_steps",
            ],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }
}
