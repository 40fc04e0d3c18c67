using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class PowerModelTests
{
    private static readonly PowerConstants Constants = new()
    {
        IdleWatts = 75,
        ClockedWatts = 50,
        MemoryWatts = 400,
        ComputeWatts = 900,
        SamplingWatts = 300,
        OneRowDiscountRatio = 0.1,
        Voltage = new VoltageCurve { FloorRatio = 0.8, KneeRatio = 0.7, MemoryShare = 0.6 },
        VoltageMinSaving = new VoltageCurve { FloorRatio = 0.9, KneeRatio = 0.6, MemoryShare = 0.5 },
        VoltageMaxSaving = new VoltageCurve { FloorRatio = 0.7, KneeRatio = 0.8, MemoryShare = 0.7 },
    };

    [Fact]
    public void Joules_AddsFloorMemoryComputeAndSampling_AtTheHighestClock()
    {
        PowerModel power = PowerModel.At(GpuCatalog.Find("H100-80GB-SXM").Power, 1);

        // Floor 75 + 48 = 123 W, and 40 W while a step runs. One second with memory 50 % busy, tensor units 30 % busy, 10 % of it sampling.
        Assert.Equal(123, power.FloorWatts);
        double expected = 163 + (0.5 * power.MemoryWatts) + (0.3 * power.ComputeWatts) + (0.1 * power.SamplingWatts);
        Assert.Equal(expected, power.Joules(1, new PowerWork(0.5, 0.3, 0.1)), 1e-9);
    }

    [Fact]
    public void At_FallsWithTheVoltageSquared_BelowTheKnee()
    {
        PowerModel power = PowerModel.At(Constants, 0.5);

        // v² = 0.64: floor 75 + 50 x 0.5 x 0.64; memory 400 x (0.4 + 0.6 x 0.64).
        Assert.Equal(91, power.FloorWatts, 1e-9);
        Assert.Equal(313.6, power.MemoryWatts, 1e-9);
        Assert.Equal(576, power.ComputeWatts, 1e-9);
        Assert.Equal(192, power.SamplingWatts, 1e-9);
    }

    [Fact]
    public void At_ScalesBusyPowerAsTheClock_AndCountsItInStepsAlone()
    {
        PowerModel power = PowerModel.At(Constants with { BusyWatts = 40 }, 0.5);

        // 40 x 0.5 x 0.64 = 12.8 W beside the floor of 91 W.
        Assert.Equal(91, power.FloorWatts, 1e-9);
        Assert.Equal(103.8, power.Joules(1, default), 1e-9);
    }

    [Fact]
    public void WeightReadShare_FallsByTheOneRowDiscount_WhenFewRowsAreMultiplied()
    {
        // Reading weights for one row costs a tenth less, for 16 rows a twentieth.
        Assert.Equal(0.9, PowerModel.WeightReadShare(Constants, 1), 1e-12);
        Assert.Equal(0.95, PowerModel.WeightReadShare(Constants, 16), 1e-12);
    }
}
