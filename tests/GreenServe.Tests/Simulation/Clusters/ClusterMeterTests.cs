using CsCheck;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Runs;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterMeterTests
{
    [Fact]
    public void Readings_DivideAStepAtTheEndOfAnInterval()
    {
        ClusterMeter meter = new(1);
        meter.Add(0.5, 3, 250);

        // 100 W from 0.5 s to 3 s.
        Assert.Equal([(0, 0), (1, 50), (2, 150), (3, 250)], Joules(meter.Readings("cluster", 3)));
    }

    [Fact]
    public void Readings_DivideAStretchByItsSteps()
    {
        // Steps of 0.4, 0.5, 0.6, 0.7 s with 4, 8, 12, 16 J from 0 s on. They end at 0.4, 0.9, 1.5 and 2.2 s.
        StepStretch stretch = StepStretch.Idle(0, 0, 0.4, 4, 1000, 0) with
        {
            Count = 4,
            StepSeconds = new ArithmeticProgression(0.4, 0.1),
            StepJoules = new ArithmeticProgression(4, 4),
        };
        ClusterMeter meter = new(1);
        meter.Add(stretch);

        // A sixth of the third step lies before 1 s: 12 + 2 J. Five sevenths of the fourth lie before 2 s: 24 + 80 / 7 J.
        (double Seconds, double Joules)[] readings = [.. meter.Readings("cluster", 2.2)
            .Select(sample => (sample.Seconds, sample.CumulativeJoules!.Value))];
        Assert.Equal([0, 1, 2, 2.2], readings.Select(reading => reading.Seconds));
        Assert.Equal(14, readings[1].Joules, 1e-9);
        Assert.Equal(24 + (80.0 / 7), readings[2].Joules, 1e-9);
        Assert.Equal(40, readings[3].Joules, 1e-9);
    }

    [Fact]
    public void Readings_GoOnToTheEnd_WhenNothingDrawsPowerAnyMore()
    {
        ClusterMeter meter = new(1);
        meter.Add(0, 1, 100);

        Assert.Equal([(0, 0), (1, 100), (5, 100)], Joules(meter.Readings("cluster", 5)));
    }

    [Fact]
    public void Readings_LoseNoEnergy_WhateverTheIntervalAndTheSteps() =>
        Gen.Select(Gen.Double[0.05, 7], Gen.Double[0, 20], Gen.Double[0.001, 3], Gen.Double[0, 0.2], Gen.Int[1, 60])
            .Sample((interval, start, first, growth, count) =>
            {
                StepStretch stretch = StepStretch.Idle(0, start, first, 10, 1000, 0) with
                {
                    Count = count,
                    StepSeconds = new ArithmeticProgression(first, growth),
                    StepJoules = new ArithmeticProgression(10, 1),
                };
                ClusterMeter meter = new(interval);
                meter.Add(stretch);

                PowerSample[] readings = [.. meter.Readings("cluster", start + stretch.Seconds)];

                Assert.Equal(stretch.Joules, readings[^1].CumulativeJoules!.Value, 1e-9 * stretch.Joules);
                Assert.Equal(
                    readings.Select(reading => reading.CumulativeJoules).Order(), readings.Select(reading => reading.CumulativeJoules));
            });

    private static IEnumerable<(double Seconds, double Joules)> Joules(IEnumerable<PowerSample> readings) =>
        readings.Select(sample => (sample.Seconds, sample.CumulativeJoules!.Value));
}
