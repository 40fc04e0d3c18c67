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
            ["greenserve-torch", "greenserve", "trtllm-1", "vllm-2023", "vllm-2024", "vllm-2025", "vllm-2026-fp8"],
            EngineCatalog.All.Select(engine => engine.Name));

    [Fact]
    public void Names_AreThoseOfEveryEntry() =>
        Assert.Equal(EngineCatalog.All.Select(engine => engine.Name), EngineCatalog.Names);

    [Fact]
    public void TryFind_IsNull_WhenTheNameIsUnknown() => Assert.Null(EngineCatalog.TryFind("nothing"));

    [Fact]
    public void Find_ReportsABatch_WhenItIsLargerThanTheStep()
    {
        using TemporaryFolder folder = new();
        string text = GpuCatalogTests.ReadEmbedded("engines/vllm-2025.yaml")
            .Replace("step_tokens: 2048", "step_tokens: 64", StringComparison.Ordinal);
        string path = folder.Write("bad.yaml", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => EngineCatalog.Find(path));

        Assert.Equal("$.step_tokens", Assert.Single(exception.Problems).Place);
    }
}
