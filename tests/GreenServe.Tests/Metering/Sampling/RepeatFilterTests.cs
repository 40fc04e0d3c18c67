using GreenServe.Metering.Sampling;

namespace GreenServe.Tests.Metering.Sampling;

public class RepeatFilterTests
{
    [Fact]
    public void Take_LeavesOutRepeats_ButTheLastBeforeAChangeAndOneASecond()
    {
        RepeatFilter filter = new();
        List<(double, double)> kept = [];
        void Keep(double at, double value) => kept.Add((at, value));

        foreach (double at in new[] { 0, 0.1, 0.2, 0.3 })
        {
            filter.Take(at, 5, Keep);
        }

        filter.Take(0.4, 6, Keep);
        filter.Take(0.9, 6, Keep);
        filter.Take(1.5, 6, Keep);
        filter.Take(1.6, 6, Keep);
        filter.Flush(Keep);

        Assert.Equal([(0, 5), (0.3, 5), (0.4, 6), (0.9, 6), (1.5, 6), (1.6, 6)], kept);
    }
}
