using CsCheck;
using GreenServe.Simulation.Clusters.Monitoring;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

public sealed class ThermalModelTests
{
    private static readonly ThermalModel Model = new(new ThermalEntry());

    [Fact]
    public void GpuCelsius_FollowsTheExponential_WhateverTheStep()
    {
        double celsius = 25;
        for (int second = 0; second < 90; second++)
        {
            celsius = Model.GpuCelsius(celsius, inletCelsius: 25, watts: 400, seconds: 1);
        }

        // From 25 towards 25 + 0.10 * 400 = 65 degrees with a time constant of 60 s: 65 - 40 exp(-90/60).
        Assert.Equal(65 - (40 * Math.Exp(-1.5)), celsius, tolerance: 1e-9);
        Assert.Equal(celsius, Model.GpuCelsius(25, 25, 400, 90), tolerance: 1e-9);
    }

    [Fact]
    public void GpuCelsius_JumpsToItsSteadyValue_WithoutALag() =>
        Assert.Equal(95, new ThermalModel(new ThermalEntry { LagSeconds = 0 }).GpuCelsius(20, 25, 700, 1), tolerance: 1e-12);

    [Fact]
    public void GpuCelsius_StaysBetweenWhereItWasAndWhereItGoes() =>
        Gen.Select(Gen.Double[0, 100], Gen.Double[0, 50], Gen.Double[0, 1000], Gen.Double[0.001, 500]).Sample(draw =>
        {
            (double before, double inlet, double watts, double seconds) = draw;
            double steady = inlet + (0.10 * watts);
            double after = Model.GpuCelsius(before, inlet, watts, seconds);
            Assert.InRange(after, Math.Min(before, steady) - 1e-9, Math.Max(before, steady) + 1e-9);
        });

    [Theory]
    [InlineData(0, 25)]
    [InlineData(1, 25)]
    [InlineData(1.25, 28.75)]
    [InlineData(2, 40)]
    public void InletCelsius_RisesWithTheAirThatIsMissing(double airflowRatio, double expected)
    {
        // With 2 times the air needed, half of what a server takes in is exhaust at (40 + 15) degrees: (25 + 55) / 2 = 40 degrees.
        Assert.Equal(expected, Model.InletCelsius(airflowRatio), tolerance: 1e-9);
    }
}
