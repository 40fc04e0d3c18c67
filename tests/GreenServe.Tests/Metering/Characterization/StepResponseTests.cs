using GreenServe.Metering.Characterization;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Metering.Characterization;

public class StepResponseTests
{
    [Fact]
    public void Of_SeesTheAveraging_WhenTheLoadStepsUp()
    {
        // A mean over 1 s shows a share s of a step after s seconds, up to one refresh later.
        static double Joules(double time) => time < 10 ? 100 * time : 1000 + (700 * (time - 10));
        MeterSeries series = SyntheticMeter.Series(
            SyntheticMeter.ReadAverage(Joules, SyntheticMeter.Every(0.005, 0, 20), phaseSeconds: 0.04));

        StepResponse response = StepResponse.Of(series, 10, 4)!;

        Assert.Equal(100, response.BeforeWatts, 6);
        Assert.Equal(700, response.AfterWatts, 6);
        Assert.InRange(response.TenPercentSeconds!.Value, 0.1, 0.21);
        Assert.InRange(response.HalfSeconds!.Value, 0.5, 0.61);
        Assert.InRange(response.NinetyPercentSeconds!.Value, 0.9, 1.01);
    }

    [Fact]
    public void Of_WorksDownwardsToo()
    {
        static double Joules(double time) => time < 10 ? 700 * time : 7000 + (100 * (time - 10));
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadAverage(Joules, SyntheticMeter.Every(0.005, 0, 20)));

        Assert.InRange(StepResponse.Of(series, 10, 4)!.HalfSeconds!.Value, 0.5, 0.61);
    }

    [Fact]
    public void Of_IsNull_WhenNothingStepped()
    {
        MeterSeries series = SyntheticMeter.Series(SyntheticMeter.ReadAverage(time => 100 * time, SyntheticMeter.Every(0.005, 0, 20)));

        Assert.Null(StepResponse.Of(series, 10, 4));
        Assert.Null(StepResponse.Of(series, 100, 4));
    }
}
