using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records.EnergyAccounting;

public class PowerWindowTests
{
    [Fact]
    public void Measure_UndoesTheAveraging_WhenPowerStepsInsideTheWindow()
    {
        // 100 W until 20 s, then 600 W: 10 s of each.
        static double Joules(double time) => time < 20 ? 100 * time : 2000 + (600 * (time - 20));
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadAverage(Joules, SyntheticMeter.Every(0.02, 0, 40)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series, 10, 30);

        // Readings lag by up to one refresh: 500 W x 0.1 s in this window.
        Assert.Equal(7000, reading.Joules!.Value, tolerance: 51);
    }

    [Fact]
    public void Measure_StaysWithinItsBound_WhenPowerStepsAtTheEdge()
    {
        static double Joules(double time) => time < 20 ? 100 * time : 2000 + (600 * (time - 20));
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadAverage(Joules, SyntheticMeter.Every(0.02, 0, 40)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series, 20, 35);

        Assert.Equal(9000, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules!.Value);
        Assert.InRange(reading.EdgeErrorJoules.Value, 1, 500 * 0.6 * 1.001);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheMeterReadsZeroThroughout()
    {
        MeterSeries series = SyntheticMeter.Series(
            SyntheticMeter.Every(0.1, 0, 30).Select(time => new PowerSample("gpu0.power", time, 0, null)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series, 5, 25);

        Assert.Null(reading.Joules);
        Assert.Contains("0 W throughout", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenReadingsHaveAGap()
    {
        IEnumerable<double> times = SyntheticMeter.Every(0.1, 0, 10).Concat(SyntheticMeter.Every(0.1, 15, 30));
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadAverage(time => 300 * time, times));

        EnergyReading across = EnergyWindow.Measure(SyntheticMeter.Average(), series, 5, 25);
        EnergyReading after = EnergyWindow.Measure(SyntheticMeter.Average(), series, 16, 25);

        Assert.Contains("no reading between 10 s and 15 s", across.NotMeasured, StringComparison.Ordinal);
        Assert.Equal(2700, after.Joules!.Value, 6);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheRecordHoldsNoReading()
    {
        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series: null, 5, 25);

        Assert.Contains("no reading", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4_294_967.295)]
    [InlineData(3_689_342_859_416.54)]
    [InlineData(-200)]
    [InlineData(double.NaN)]
    public void Measure_LeavesOutReadingsThatAreNoNumbers_WhenOthersCoverTheWindow(double blank)
    {
        // 200 W, with three readings of 0.1 s apart that are none.
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.Every(0.1, 0, 30)
            .Select(time => new PowerSample("gpu0.power", time, time is > 10.05 and < 10.35 ? blank : 200, null)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series, 5, 25);

        Assert.Equal(200 * 20, reading.Joules!.Value, 6);
        Assert.EndsWith("without 3 readings of the run that are no numbers", reading.Method, StringComparison.Ordinal);
        Assert.Equal(200 * 20, EnergyCourse.Of(SyntheticMeter.Average(), series).Joules(5, 25), 6);
    }

    [Fact]
    public void Measure_IsNotMeasured_WhenTheReadingsThatAreNoNumbersLeaveAGap()
    {
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.Every(0.1, 0, 30)
            .Select(time => new PowerSample("gpu0.power", time, time is > 10.05 and < 16.05 ? 2_147_483_632 : 200, null)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series, 5, 25);

        Assert.Equal("no reading between 10 s and 16.1 s", reading.NotMeasured);
    }

    [Fact]
    public void Measure_SaysWhatIsWrong_WhenNoReadingIsANumber()
    {
        MeterSeries series = SyntheticMeter.Series(
            SyntheticMeter.Every(0.1, 0, 30).Select(time => new PowerSample("gpu0.power", time, 150e6, null)));

        EnergyReading reading = EnergyWindow.Measure(SyntheticMeter.Average(), series, 5, 25);

        Assert.Contains("none of its readings is a number: 150000000 W is over 10000 W", reading.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void ByMeter_Refuses_WhenAMeterMixesWattsAndJoules()
    {
        PowerSample[] samples = [new("m", 0, 1, null), new("m", 1, null, 1)];

        Assert.Throws<InvalidInputException>(() => MeterSeries.ByMeter(samples));
        Assert.Throws<InvalidInputException>(() => MeterSeries.ByMeter([new PowerSample("m", 0, null, null)]));
    }

    [Fact]
    public void ByMeter_SortsByTime_WhenReadingsCameLate()
    {
        MeterSeries series = SyntheticMeter.Series([new("m", 2, 20, null), new("m", 1, 10, null), new("m", 3, 30, null)]);

        Assert.Equal([1.0, 2.0, 3.0], series.Seconds.ToArray());
        Assert.Equal([10.0, 20.0, 30.0], series.Values.ToArray());
    }
}
