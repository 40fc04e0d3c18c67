using GreenServe.Metering.Characterization;
using GreenServe.Metering.Discovery;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Characterization;

public class MeterProbeTests
{
    [Fact]
    public async Task RunAsync_FindsPowerAndCost_OfACounter()
    {
        FakeGpu gpu = new() { JoulesAt = time => 500 * time, EnergyCallSeconds = 0, RefreshSeconds = 0.05, JitterSeconds = 0 };
        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpu)));

        IReadOnlyList<MeterProbeResult> results = await MeterProbe.RunAsync(catalog, 1);

        MeterProbeResult counter = results.Single(result => result.Meter.Name == "gpu0.energy");
        Assert.Null(counter.Problem);
        Assert.InRange(counter.Watts!.Value, 300, 700);
        Assert.True(counter.Cost!.Calls > 1);
        Assert.InRange(counter.Cost.P50Seconds, 0, counter.Cost.LongestSeconds);
    }

    [Theory]
    [InlineData(0.0, "stands still at 0 J")]
    [InlineData(double.NaN, "gave NaN")]
    public async Task RunAsync_SaysWhatIsWrong_WithAMeterThatGivesNoEnergy(double value, string words)
    {
        using MeterCatalog catalog = new([new FakeSource(batch => batch.Add(0, value))], [], [], []);

        MeterProbeResult result = Assert.Single(await MeterProbe.RunAsync(catalog, 0.1));

        Assert.Contains(words, result.Problem, StringComparison.Ordinal);
        Assert.Null(result.Watts);
    }
}
