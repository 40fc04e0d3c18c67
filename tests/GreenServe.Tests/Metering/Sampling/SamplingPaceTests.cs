using GreenServe.Metering;
using GreenServe.Metering.Sampling;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.Sampling;

public class SamplingPaceTests
{
    [Theory]
    [InlineData(false, 0.08 / 0.05)]
    [InlineData(true, 1)]
    public void NextSeconds_IsASecondLaterForAPage_HoweverLongItsHostTakesToAnswer(bool isPage, double expectedSeconds)
    {
        FakeTimeProvider time = new();
        RunClock clock = RunClock.Start(time);
        FakeSource source = new(
            batch =>
            {
                time.Advance(TimeSpan.FromSeconds(0.08));
                batch.Add(0, 52);
            },
            isCounter: false)
        {
            Need = isPage ? SamplingNeed.EachSecondFromAfar : SamplingNeed.EachSecond,
        };
        MeterSampler sampler = new(source, clock, budgetRatio: 0.05);

        double next = sampler.ReadAndPlanNextSeconds();

        // A call of 80 ms within 5 % of the time is due each 1.6 s; a wait for somebody else costs nothing.
        Assert.Equal(expectedSeconds, next - clock.Seconds, 6);
    }
}
