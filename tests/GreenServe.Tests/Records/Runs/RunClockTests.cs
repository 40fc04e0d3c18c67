using GreenServe.Records.Runs;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Records.Runs;

public sealed class RunClockTests
{
    [Fact]
    public void Seconds_CountFromTheStart_OfTheProvidersTime()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        time.Advance(TimeSpan.FromSeconds(100));
        RunClock clock = RunClock.Start(time);
        time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal(1.5, clock.Seconds, 1e-9);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 5, 45, TimeSpan.Zero), clock.StartedAt);
    }

    [Fact]
    public void TimestampAt_IsTheInverseOfSecondsAt()
    {
        RunClock clock = RunClock.Start(new FakeTimeProvider());

        Assert.Equal(2.25, clock.SecondsAt(clock.TimestampAt(2.25)), 1e-7);
        Assert.Equal(-1, clock.SecondsAt(clock.TimestampAt(-1)), 1e-7);
    }
}
