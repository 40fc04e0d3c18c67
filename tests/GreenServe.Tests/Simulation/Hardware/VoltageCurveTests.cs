using GreenServe.Simulation.Hardware;

namespace GreenServe.Tests.Simulation.Hardware;

public sealed class VoltageCurveTests
{
    [Fact]
    public void At_IsLinear_BetweenTheKneeAndTheHighestClock()
    {
        VoltageCurve curve = new() { FloorRatio = 0.8, KneeRatio = 0.7, MemoryShare = 0.6 };

        // Half-way from the knee to the highest clock the voltage is half-way too.
        Assert.Equal(0.9, curve.VoltageRatioAt(0.85), 1e-12);
        Assert.Equal(1, curve.VoltageRatioAt(1), 1e-12);
    }
}
