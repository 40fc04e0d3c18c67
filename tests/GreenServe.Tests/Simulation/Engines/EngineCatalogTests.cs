using GreenServe.Records;
using GreenServe.Simulation.Engines;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Simulation.Hardware;

namespace GreenServe.Tests.Simulation.Engines;

public sealed class EngineCatalogTests
{
    [Fact]
    public void All_HoldsEveryEngine() =>
        Assert.Equal(
            [
                "greenserve-torch", "greenserve", "sglang-0.5", "trtllm-1.0", "trtllm-inferencex", "vllm-0.11", "vllm-0.12", "vllm-0.5",
                "vllm-2023", "vllm-inferencex",
            ],
            EngineCatalog.All.Select(engine => engine.Name));

    [Fact]
    public void Names_AreThoseOfEveryEntry() =>
        Assert.Equal(EngineCatalog.All.Select(engine => engine.Name), EngineCatalog.Names);

    [Theory]
    [InlineData("vllm-2024", "vllm-0.5")]
    [InlineData("vllm-2025", "vllm-0.11")]
    [InlineData("VLLM-2026-FP8", "vllm-inferencex")]
    [InlineData("trtllm-1", "trtllm-1.0")]
    public void Find_TakesTheNamesOfEarlierVersions(string alias, string name) => Assert.Equal(name, EngineCatalog.Find(alias).Name);

    [Fact]
    public void TryFind_IsNull_WhenTheNameIsUnknown() => Assert.Null(EngineCatalog.TryFind("nothing"));

    [Fact]
    public void Find_ReportsABatch_WhenItIsLargerThanTheStep()
    {
        using TemporaryFolder folder = new();
        string text = GpuCatalogTests.ReadEmbedded("engines/vllm-0.11.yaml")
            .Replace("step_tokens: 2048", "step_tokens: 64", StringComparison.Ordinal);
        string path = folder.Write("bad.yaml", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => EngineCatalog.Find(path));

        Assert.Equal("$.step_tokens", Assert.Single(exception.Problems).Place);
    }

    [Theory]
    [InlineData("recorded_sequences: 256", "$.costs.unrecorded_layer_seconds")]
    [InlineData("unrecorded_layer_seconds: 605e-6", "$.costs.recorded_sequences")]
    public void Find_ReportsTheMissingHalf_WhenOnlyOneOfTwoConstantsIsThere(string line, string place)
    {
        using TemporaryFolder folder = new();
        string text = GpuCatalogTests.ReadEmbedded("engines/greenserve.yaml")
            .Replace("costs:\n", $"costs:\n  {line}\n", StringComparison.Ordinal);
        string path = folder.Write("bad.yaml", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => EngineCatalog.Find(path));

        Assert.Equal(place, Assert.Single(exception.Problems).Place);
    }

    [Fact]
    public void Find_ReportsEveryCostOutOfItsRange()
    {
        using TemporaryFolder folder = new();
        string text = GpuCatalogTests.ReadEmbedded("engines/greenserve.yaml").Replace(
            "costs:\n",
            "costs:\n  prompt_step_seconds: -1\n  all_reduce_latency_ratio: .nan\n"
                + "  experts: { efficiency_share: 0, choice_exponent: 1.5 }\n",
            StringComparison.Ordinal);
        string path = folder.Write("bad.yaml", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => EngineCatalog.Find(path));

        Assert.Equal(
            [
                "$.costs.all_reduce_latency_ratio", "$.costs.experts.choice_exponent", "$.costs.experts.efficiency_share",
                "$.costs.prompt_step_seconds",
            ],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void On_TakesTheFrontEndOfTheHost_WhereAnAcceleratorHasOne()
    {
        EngineProfile engine = EngineCatalog.Find("vllm-2024") with
        {
            FrontEndSeconds = 0.04,
            Overrides = [new EngineOnGpu { Gpus = ["H200"], FrontEndSeconds = 0.027 }],
        };

        Assert.Equal(0.027, engine.On("h200").FrontEndSeconds);
        Assert.Equal(0.04, engine.On("B200").FrontEndSeconds);
    }
}
