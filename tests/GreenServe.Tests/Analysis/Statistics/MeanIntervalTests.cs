using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class MeanIntervalTests
{
    [Fact]
    public void Of_UsesStudentsT_WhenThereAreTwoRuns()
    {
        MeanInterval interval = MeanInterval.Of([10, 12])!;

        // s = sqrt(2), s / sqrt(2) = 1, and the 97.5 % quantile of t with one degree of freedom is tan(0.475 pi) = 12.7062.
        Assert.Equal(11, interval.Mean);
        Assert.Equal(11 - Math.Tan(0.475 * Math.PI), interval.Low!.Value, 1e-6);
        Assert.Equal(11 + Math.Tan(0.475 * Math.PI), interval.High!.Value, 1e-6);
    }

    [Fact]
    public void Of_HasNoInterval_WhenThereIsOneRun()
    {
        MeanInterval interval = MeanInterval.Of([5])!;

        Assert.Equal((1, 5.0), (interval.Count, interval.Mean));
        Assert.Null(interval.Low);
        Assert.Null(interval.HalfWidth);
    }

    [Fact]
    public void Of_IsNothing_WhenThereIsNoRun() => Assert.Null(MeanInterval.Of([]));

    [Fact]
    public void Of_HasNoWidth_WhenAllRunsAgree() => Assert.Equal(0, MeanInterval.Of([3, 3, 3])!.HalfWidth!.Value, 1e-12);

    [Fact]
    public void Of_CoversTheTrueMeanInNineteenOfTwenty_WhenNoiseIsNormal()
    {
        Random random = new(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        int covered = Enumerable.Range(0, 2000).Count(_ =>
        {
            MeanInterval interval = MeanInterval.Of([Normal(), Normal(), Normal(), Normal(), Normal()])!;
            return interval.Low <= 0 && interval.High >= 0;
        });

        // 1900 expected; the standard deviation is sqrt(2000 * 0.95 * 0.05) = 9.7, so five of them are allowed.
        Assert.InRange(covered, 1851, 1949);
    }
}
