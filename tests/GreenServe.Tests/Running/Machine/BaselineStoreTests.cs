using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Running.Machine;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Running.Machine;

public sealed class BaselineStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task LoadedIdleAsync_MeasuresOnce_AndKeepsItInItsFile()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With());
        string file = folder.PathOf("baselines.json");
        IProgress<string> progress = new Progress<string>();

        BaselineReading first = await BaselineStore.Open(file).LoadedIdleAsync("model bf16", meters, progress, default);
        string written = File.ReadAllText(file);
        BaselineReading again = await BaselineStore.Open(file).LoadedIdleAsync("model bf16", meters, progress, default);

        // No GPU here: the reason is kept as well as a number would be.
        Assert.Contains("no meter covers a GPU", first.Note, StringComparison.Ordinal);
        Assert.Equal(first, again);
        Assert.Equal(written, File.ReadAllText(file));
    }

    [Fact]
    public void Open_NamesTheFile_WhenItHoldsNoBaselines()
    {
        string file = folder.Write("baselines.json", "{ \"idle\": 7 }");

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => BaselineStore.Open(file)).Problems);

        Assert.Equal(file, problem.File);
    }
}
