using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Rapl;

public class RaplMirrorTests
{
    [Fact]
    public void AreOne_IsTrue_WhenTwoZonesShowOneCounterThatMoves()
    {
        long microjoules = 5_000_000;

        // Every read finds the counter 7 µJ further.
        long? Read() => microjoules += 7;

        Assert.True(RaplMirror.AreOne(Read, Read));
    }

    [Theory]
    [InlineData(8_000_000)]
    [InlineData(4_999_999)]
    public void AreOne_IsFalse_WhenTheSecondStandsElsewhere(long other)
    {
        long microjoules = 5_000_000;

        Assert.False(RaplMirror.AreOne(() => microjoules += 7, () => other += 7));
    }

    [Fact]
    public void AreOne_IsFalse_WhenTheSecondMovesAtAPaceOfItsOwn()
    {
        long one = 5_000_000;
        long other = 5_000_000;

        // Two counters that grow by 70 and by 71 are equal at the first reading and apart at the second.
        Assert.False(RaplMirror.AreOne(() => one += 70, () => other += 71));
    }

    [Fact]
    public void AreOne_IsFalse_WhenTheCounterStandsStill() => Assert.False(RaplMirror.AreOne(() => 5, () => 5));

    [Fact]
    public void AreOne_IsFalse_WhenACounterCannotBeRead()
    {
        Assert.False(RaplMirror.AreOne(() => null, () => 5));
        Assert.False(RaplMirror.AreOne(() => throw new IOException("gone"), () => 5));
    }
}
