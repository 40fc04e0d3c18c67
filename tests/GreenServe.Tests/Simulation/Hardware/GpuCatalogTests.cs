using GreenServe.Records;
using GreenServe.Simulation.Hardware;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Hardware;

public sealed class GpuCatalogTests
{
    [Fact]
    public void All_HoldsEveryAccelerator() =>
        Assert.Equal(
            [
                "A100-40GB-SXM", "A100-80GB-SXM", "B200", "GB200", "H100-80GB-SXM-greenserve-torch", "H100-80GB-SXM",
                "H200-greenserve-torch", "H200", "L40S",
            ],
            GpuCatalog.All.Select(gpu => gpu.Name));

    [Fact]
    public void Names_AreThoseOfEveryEntry() =>
        Assert.Equal(GpuCatalog.All.Select(gpu => gpu.Name), GpuCatalog.Names);

    [Theory]
    [InlineData("h100_sxm", "H100-80GB-SXM")]
    [InlineData("H100", "H100-80GB-SXM")]
    [InlineData("NVIDIA H200", "H200")]
    [InlineData("B200-SXM", "B200")]
    public void Find_KnowsTheNamesOfPublishedData(string alias, string name) => Assert.Equal(name, GpuCatalog.Find(alias).Name);

    [Fact]
    public void Find_NamesWhatThereIs_WhenTheNameIsUnknown()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => GpuCatalog.Find("H900"));
        Assert.Contains("'H900'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("L40S", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ReadsAnAcceleratorFromAFile()
    {
        using TemporaryFolder folder = new();
        string text = ReadEmbedded("gpus/H200.yaml").Replace("name: H200", "name: mine", StringComparison.Ordinal);
        string path = folder.Write("mine.yaml", text);
        Assert.Equal("mine", GpuCatalog.Find(path).Name);
    }

    [Fact]
    public void Find_ReportsEveryBadConstantWithItsLine_WhenAFileIsBroken()
    {
        using TemporaryFolder folder = new();
        string text = ReadEmbedded("gpus/H200.yaml")
            .Replace("memory_watts: 630", "memory_watts: -630", StringComparison.Ordinal)
            .Replace("compute_efficiency: 0.81", "compute_efficiency: 1.81", StringComparison.Ordinal)
            .Replace("  idle_watts: 78\n", "", StringComparison.Ordinal)
            .Replace("step_megahertz: 15", "step_megahertz: .nan", StringComparison.Ordinal);
        string path = folder.Write("bad.yaml", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => GpuCatalog.Find(path));

        Assert.Equal(
            ["$.bf16.compute_efficiency", "$.clock.step_megahertz", "$.power.idle_watts", "$.power.memory_watts"],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
        Assert.All(exception.Problems, problem => Assert.NotNull(problem.Line));
    }

    [Fact]
    public void Find_ReportsConstants_WhenTheyContradictEachOther()
    {
        using TemporaryFolder folder = new();
        string text = ReadEmbedded("gpus/H200.yaml")
            .Replace("lowest_megahertz: 345", "lowest_megahertz: 3450", StringComparison.Ordinal)
            .Replace("lowest_watts: 200", "lowest_watts: 2000", StringComparison.Ordinal)
            .Replace("clocked_watts: 48", "clocked_watts: 648", StringComparison.Ordinal)
            .Replace("gpus: 4,", "gpus: 2,", StringComparison.Ordinal);
        string path = folder.Write("bad.yaml", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => GpuCatalog.Find(path));

        Assert.Equal(
            ["$.all_reduce[1].gpus", "$.clock.lowest_megahertz", "$.power", "$.power_cap.lowest_watts"],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }

    internal static string ReadEmbedded(string name)
    {
        using StreamReader reader = new(typeof(GpuCatalog).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
