using GreenServe.Serving.Transport.Linux;

namespace GreenServe.Tests.Serving.Transport.Linux;

public sealed class WallClockOffsetTests
{
    private const long Second = 1_000_000_000;
    private readonly WallClockOffset offset = new();

    [Fact]
    public void IsTrusted_NeedsTwoSamples()
    {
        Take(10, wallSeconds: 1000);
        bool afterOne = offset.IsTrusted;
        Take(11, wallSeconds: 1001);

        Assert.False(afterOne);
        Assert.True(offset.IsTrusted);
    }

    [Fact]
    public void IsTrusted_EndsWithAStepOfTheWallClock_UntilTwoSamplesAgreeAgain()
    {
        Take(10, wallSeconds: 1000);
        Take(11, wallSeconds: 1001);

        // The wall clock is set forward by a minute.
        Take(12, wallSeconds: 1062);
        bool afterStep = offset.IsTrusted;
        Take(13, wallSeconds: 1063);

        Assert.False(afterStep);
        Assert.True(offset.IsTrusted);
    }

    [Fact]
    public void IsTrusted_Stays_WhenTheReaderWasSuspendedWithinASample()
    {
        Take(12, wallSeconds: 1062);
        Take(13, wallSeconds: 1063);

        offset.Take(before: 14 * Second, wall: 9999 * Second, after: 15 * Second);

        Assert.True(offset.IsTrusted);
    }

    [Fact]
    public void ToMonotonic_ConvertsAStamp()
    {
        Take(10, wallSeconds: 1000);
        Take(11, wallSeconds: 1001);

        // The sample was taken in the middle of 100 ns.
        Assert.Equal((11 * Second) - 500 + 50, offset.ToMonotonic((1001 * Second) - 500, 11 * Second));
    }

    [Fact]
    public void ToMonotonic_IsNeverInTheFuture()
    {
        Take(12, wallSeconds: 1062);
        Take(13, wallSeconds: 1063);

        Assert.Equal(13 * Second, offset.ToMonotonic(1064 * Second, 13 * Second));
    }

    private void Take(long seconds, long wallSeconds) =>
        offset.Take(before: seconds * Second, wall: wallSeconds * Second, after: (seconds * Second) + 100);
}
