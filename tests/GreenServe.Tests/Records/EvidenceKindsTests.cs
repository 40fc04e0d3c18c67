using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records;

public class EvidenceKindsTests
{
    [Theory]
    [InlineData(EvidenceKind.Measured, true, EvidenceKind.Estimated)]
    [InlineData(EvidenceKind.Measured, false, EvidenceKind.Measured)]
    [InlineData(EvidenceKind.Measured, null, EvidenceKind.Measured)]
    [InlineData(EvidenceKind.Estimated, true, EvidenceKind.Estimated)]
    [InlineData(EvidenceKind.Estimated, false, EvidenceKind.Measured)]
    [InlineData(EvidenceKind.Estimated, null, EvidenceKind.Estimated)]
    [InlineData(EvidenceKind.Simulated, true, EvidenceKind.Simulated)]
    [InlineData(EvidenceKind.Simulated, false, EvidenceKind.Simulated)]
    public void WithEnergy_FollowsTheHeadline_AndLeavesASimulationAlone(EvidenceKind recorded, bool? isEstimated, EvidenceKind expected) =>
        Assert.Equal(expected, recorded.WithEnergy(isEstimated));

    [Fact]
    public void IsEstimatedBy_LooksAtTheMetersThatCanGiveTheEnergyOfARun()
    {
        MeterDescription counter = SyntheticMeter.Counter();
        MeterDescription model = SyntheticMeter.Average("cpu.estimated") with { Scope = MeterScope.CpuPackage, IsEstimated = true };
        MeterDescription memory = SyntheticMeter.Counter("dram") with { Scope = MeterScope.Dram };

        Assert.Null(HeadlineScope.IsEstimatedBy([]));
        Assert.False(HeadlineScope.IsEstimatedBy([counter, model]));
        Assert.True(HeadlineScope.IsEstimatedBy([model]));
        Assert.True(HeadlineScope.IsEstimatedBy([model, memory]));
        Assert.True(HeadlineScope.IsEstimatedBy([counter with { NotMeasured = "no driver" }, model]));
    }
}
