using GreenServe.Metering.Sampling;

namespace GreenServe.Tests.Metering.Sampling;

public class RefreshObserverTests
{
    [Fact]
    public void PeriodSeconds_IsFound_WhenReadsAreDense()
    {
        RefreshObserver observer = new();

        for (int index = 0; index < 500; index++)
        {
            observer.Observe(index * 0.003, Math.Floor(index * 0.003 / 0.1));
        }

        Assert.Equal(0.1, observer.PeriodSeconds!.Value, tolerance: 0.004);
        Assert.InRange(observer.Quantile(0), 0.09, 0.1);
    }

    [Fact]
    public void PeriodSeconds_IsNotKnown_WhenReadsAreAsSlowAsTheRefresh()
    {
        RefreshObserver observer = new();

        for (int index = 0; index < 500; index++)
        {
            observer.Observe(index * 0.1, index);
        }

        Assert.Null(observer.PeriodSeconds);
    }

    [Fact]
    public void PeriodSeconds_IsNotFooled_ByGapsBetweenDenseStretches()
    {
        RefreshObserver observer = new();

        // Each second 60 ms of dense reads that catch one change; nine refreshes in between go unseen.
        for (int second = 0; second < 50; second++)
        {
            for (int step = 0; step < 20; step++)
            {
                double time = second + (step * 0.003);
                observer.Observe(time, Math.Floor((time + 0.07) / 0.1));
            }
        }

        Assert.Null(observer.PeriodSeconds);
    }

    [Fact]
    public void PeriodSeconds_IsNotKnown_WhenTheValueNeverChanges()
    {
        RefreshObserver observer = new();

        for (int index = 0; index < 100; index++)
        {
            Assert.False(observer.Observe(index * 0.003, 5));
        }

        Assert.Null(observer.PeriodSeconds);
    }
}
