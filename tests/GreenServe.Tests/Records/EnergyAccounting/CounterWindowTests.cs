using CsCheck;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records.EnergyAccounting;

public class CounterWindowTests
{
    [Fact]
    public void Measure_GivesPowerTimesTime_WhenPowerIsSteady()
    {
        MeterSeries series = Steady(watts: 700, everySeconds: 0.05);

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), series, 10, 70);

        // 700 W x 60 s; each edge off by at most half a refresh plus the 50 ms that bracket it.
        Assert.Equal(42_000, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules!.Value);
        Assert.InRange(reading.EdgeErrorJoules.Value, 1, 2 * 700 * (0.05 + 0.05) * 1.0001);
        Assert.Equal(reading.EdgeErrorJoules.Value + (0.05 * reading.Joules.Value), reading.ErrorJoules!.Value, 9);
    }

    [Fact]
    public void Measure_StaysWithinItsBound_ForAnyCourseThatAtMostDoublesWithinARefresh()
    {
        // Power ramps between levels over seconds; sampling is denser than the refresh, with any phase.
        Gen.Select(
            Gen.Double[80, 700],
            Gen.Double[80, 700],
            Gen.Double[2, 12],
            Gen.Double[0, 0.1],
            Gen.Double[0.011, 0.09],
            Gen.Double[1, 9],
            Gen.Double[12, 28])
            .Sample((low, high, period, phase, spacing, start, end) =>
            {
                double Joules(double time) =>
                    (low * time) + ((high - low) * ((time / 2) - (period / (4 * Math.PI) * Math.Sin(2 * Math.PI * time / period))));
                MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadCounter(Joules, SyntheticMeter.Every(spacing, 0, 30), phase));

                EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), series, start, end);

                double truth = Joules(end) - Joules(start);
                Assert.True(
                    Math.Abs(reading.Joules!.Value - truth) <= reading.EdgeErrorJoules!.Value,
                    $"{reading.Joules} J ± {reading.EdgeErrorJoules} J, truth {truth} J");
            }, iter: 300);
    }

    [Fact]
    public void AlignToRefreshes_CutsTheEdgeError_WhenRefreshesWereCaughtSharply()
    {
        // Every second the counter is read each 3 ms until it changes.
        IEnumerable<double> hunts = Enumerable.Range(0, 40).SelectMany(second => SyntheticMeter.Every(0.003, second, second + 0.12));
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadCounter(time => 500 * time, hunts, phaseSeconds: 0.05));
        MeasurementWindow wanted = new(5.3, 30.6, "test");

        MeasurementWindow window = EnergyWindow.AlignToRefreshes(wanted, SyntheticMeter.Counter(), series);
        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), series, window.StartSeconds, window.EndSeconds);

        Assert.InRange(window.StartSeconds, 5.3, 7.3);
        Assert.InRange(window.EndSeconds, 28.6, 30.6);
        Assert.Equal(500 * window.LengthSeconds, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules!.Value + 1e-9);
        Assert.True(reading.EdgeErrorJoules <= 2 * 500 * 0.003 * 1.001, $"{reading.EdgeErrorJoules} J");
    }

    [Fact]
    public void AlignToRefreshes_LeavesTheWindow_WhenNoRefreshIsInReach()
    {
        MeasurementWindow wanted = new(100, 101, "test");

        Assert.Same(wanted, EnergyWindow.AlignToRefreshes(wanted, SyntheticMeter.Counter(), Steady(100, 0.05)));
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheCounterJumpsBack()
    {
        IEnumerable<PowerSample> samples = SyntheticMeter.ReadCounter(
            time => time < 20 ? 1000 + (300 * time) : 300 * (time - 20), SyntheticMeter.Every(0.05, 0, 40));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), SyntheticMeter.Series(samples), 10, 30);

        Assert.Null(reading.Joules);
        Assert.Contains("jumped back", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_IsUntouched_WhenTheCounterJumpsBackOutsideTheWindow()
    {
        IEnumerable<PowerSample> samples = SyntheticMeter.ReadCounter(
            time => time < 20 ? 1000 + (300 * time) : 300 * (time - 20), SyntheticMeter.Every(0.05, 0, 40));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), SyntheticMeter.Series(samples), 25, 35);

        Assert.Equal(3000, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules!.Value);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheCounterFreezes()
    {
        IEnumerable<PowerSample> samples = SyntheticMeter.ReadCounter(
            time => 300 * (time < 15 ? time : Math.Max(15, time - 10)), SyntheticMeter.Every(0.05, 0, 40));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), SyntheticMeter.Series(samples), 10, 35);

        Assert.Contains("stood still", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 60, 0)]
    [InlineData(10, 80, 0)]
    [InlineData(0, 100, 3000)]
    [InlineData(85, 95, 1500)]
    [InlineData(50, 150, 18_000)]
    [InlineData(150, 300, 15_000)]
    [InlineData(250, 300, 0)]
    public void Measure_TakesAModelAtItsWord_WhenItSaysThatTheDeviceIsOff(double start, double end, double joules)
    {
        // Off for 90 s, on at 300 W until 200 s, and off again until the run ends at 300 s.
        IEnumerable<PowerSample> samples = SyntheticMeter.ReadCounter(
            time => 300 * Math.Clamp(time - 90, 0, 110), SyntheticMeter.Every(0.1, 0, 300));

        EnergyReading reading = EnergyWindow.Measure(
            SyntheticMeter.Counter() with { IsEstimated = true }, SyntheticMeter.Series(samples), start, end);

        // A refresh is taken to lie halfway between two readings, and to be off by 0.1 s: 300 W x 0.15 s at an edge while it is on.
        Assert.Equal(joules, reading.Joules!.Value, tolerance: 300 * 0.15 * 1.001);
        Assert.InRange(reading.EdgeErrorJoules!.Value, 0, 2 * 300 * 0.15 * 1.001);
        Assert.Equal(joules == 0, reading.EdgeErrorJoules == 0);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheCounterNeverMoves()
    {
        IEnumerable<PowerSample> samples = SyntheticMeter.ReadCounter(_ => 0, SyntheticMeter.Every(0.05, 0, 40));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), SyntheticMeter.Series(samples), 10, 35);

        Assert.Null(reading.Joules);
        Assert.Contains("never changed", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheCounterLeapsForward()
    {
        // 1.8e19 J is what a wrap taken for a step gave in a well-known exporter.
        IEnumerable<PowerSample> samples = SyntheticMeter.ReadCounter(
            time => (300 * time) + (time > 20 ? 1.8e19 : 0), SyntheticMeter.Every(0.05, 0, 40));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), SyntheticMeter.Series(samples), 10, 35);

        Assert.Contains("jumped by", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheMeterVanishesBeforeTheEnd()
    {
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadCounter(time => 300 * time, SyntheticMeter.Every(0.05, 0, 20)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), series, 10, 35);

        Assert.Contains("cover only", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenAFaultBreaksTheCounterInsideTheWindow()
    {
        MeterDescription meter = SyntheticMeter.Counter() with
        {
            Faults = [new MeterFault(20, "wraps-unseen", "61 s without a reading, wraps after 60 s", BreaksCounter: true)],
        };

        EnergyReading inside = EnergyWindow.Measure(meter, Steady(300, 0.05), 10, 30);
        EnergyReading outside = EnergyWindow.Measure(meter, Steady(300, 0.05), 21, 30);

        Assert.Contains("61 s without a reading", inside.NotMeasured, StringComparison.Ordinal);
        Assert.NotNull(outside.Joules);
    }

    [Theory]
    [InlineData(30, 10)]
    [InlineData(10, 10)]
    [InlineData(10, double.NaN)]
    public void Measure_IsNotMeasured_WhenTheWindowIsEmpty(double start, double end)
    {
        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), Steady(300, 0.05), start, end);

        Assert.Contains("is empty", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_FindsThePeriodItself_WhenTheMeterDoesNotStateIt()
    {
        MeterDescription meter = SyntheticMeter.Counter() with { RefreshSeconds = null };

        EnergyReading stated = EnergyWindow.Measure(SyntheticMeter.Counter(), Steady(700, 0.02), 10, 50);
        EnergyReading found = EnergyWindow.Measure(meter, Steady(700, 0.02), 10, 50);

        Assert.Equal(stated.Joules!.Value, found.Joules!.Value, 6);
    }

    [Fact]
    public void Per_CarriesTheError_WhenDividedByTokens()
    {
        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Counter(), Steady(700, 0.05), 10, 70);

        ErrorBounded perToken = reading.Per(10_000)!.Value;

        Assert.Equal(reading.Joules!.Value / 10_000, perToken.Value, 12);
        Assert.Equal(reading.ErrorJoules!.Value / 10_000, perToken.Error, 12);
        Assert.Null(reading.Per(0));
    }

    private static MeterSeries Steady(double watts, double everySeconds) =>
        SyntheticMeter.Series(
            SyntheticMeter.ReadCounter(time => watts * time, SyntheticMeter.Every(everySeconds, 0, 80), phaseSeconds: 0.033));
}
