using CsCheck;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records.EnergyAccounting;

public sealed class PowerSamplerTests
{
    private const double Year = 365 * 86_400;

    [Fact]
    public void Add_ReadsEveryTenthOfASecond_InAStretchBelowFourMinutes()
    {
        List<PowerSample> samples = Read((239, 100 * 239));

        // Readings at 0, 0.1, ... 238.9 s, and the last one at the end.
        Assert.Equal(2391, samples.Count);
        Assert.All(samples.Index(), item => Assert.Equal(item.Index * 0.1, item.Item.Seconds, 9));
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(1e6)]
    [InlineData(Year)]
    public void Add_TakesFewReadings_InALongStretch(double seconds)
    {
        List<PowerSample> samples = Read((10, 10_000), (seconds, 100 * seconds), (10, 10_000));

        // From each end 0.1 s apart for 120 s, then 600 readings while the distance grows e-fold, and 20 s of work.
        double expected = (2 * (1200 + (600 * Math.Log(seconds / 2 / 120)))) + 200;
        Assert.InRange(samples.Count, 0.9 * expected, 1.1 * expected);
        double[] times = [.. samples.Select(sample => sample.Seconds)];
        Assert.Equal(times.Order(), times);
        Assert.All(samples, sample => Assert.Equal(Joules(sample.Seconds), sample.CumulativeJoules!.Value, 1e-9 * Joules(seconds)));

        double Joules(double at) =>
            (1000 * Math.Min(10, at)) + (100 * Math.Clamp(at - 10, 0, seconds)) + (1000 * Math.Max(0, at - 10 - seconds));
    }

    [Fact]
    public void Energy_IsRightInAnyWindow_ThatEndsInALongStretch()
    {
        // 1000 W for 10 s, 100 W for a million seconds, 1000 W for 10 s.
        MeterSeries series = SyntheticMeter.Series(Read((10, 10_000), (1e6, 1e8), (10, 10_000)));
        Gen.Select(Gen.Double[20, 1e6], Gen.Bool).Sample((edge, fromStart) =>
        {
            (double start, double end) = fromStart ? (0.0, edge) : (edge, 1_000_020.0);

            EnergyReading reading = EnergyWindow.Measure(SimulationSummary.Meter, series, start, end);

            // The readings around the edge are a 600th of its distance from the stretch's end apart, or 0.1 s; the nearer one is
            // half of that away. A refresh is taken to be up to 0.1 s old at the edge, and so it is at the other end of the window.
            double distance = Math.Min(edge - 10, 1_000_010 - edge);
            double bound = (100 * ((Math.Max(0.1, 1.01 * distance / 600) / 2) + 0.1)) + (1000 * 0.2);
            double truth = 10_000 + (100 * (fromStart ? edge - 10 : 1_000_010 - edge));
            Assert.InRange(reading.EdgeErrorJoules!.Value, 0, bound);
            Assert.Equal(truth, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules.Value);
        });
    }

    [Fact]
    public void PeakPower_IsThatOfTheWork_AfterALongStretch()
    {
        MeterSeries series = SyntheticMeter.Series(Read((1e6, 1e8), (10, 10_000)));

        double? watts = EnergyCourse.Of(SimulationSummary.Meter, series).HighestMeanWatts(0, 1_000_010, leastSeconds: 1);

        Assert.Equal(1000, watts!.Value, 1e-3);
    }

    private static List<PowerSample> Read(params (double Seconds, double Joules)[] stretches)
    {
        List<PowerSample> samples = [];
        PowerSampler sampler = new(samples.Add);
        foreach ((double seconds, double joules) in stretches)
        {
            sampler.Add(seconds, joules);
        }

        sampler.End();
        return samples;
    }
}
