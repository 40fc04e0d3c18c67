using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Records.Measurements;

public sealed class ArithmeticProgressionTests
{
    private static readonly ArithmeticProgression Odd = new(First: 1, Increment: 2);

    [Fact]
    public void At_AddsTheIncrementForEachStep() => Assert.Equal([1.0, 3.0, 5.0], Enumerable.Range(0, 3).Select(Odd.At));

    [Fact]
    public void Sum_AddsTheFirstSteps() => Assert.Equal([0.0, 1.0, 4.0, 9.0], Enumerable.Range(0, 4).Select(Odd.Sum));

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(4.0, 2)]
    [InlineData(4.1, 3)]
    [InlineData(1000.0, 10)]
    public void CountReaching_IsTheSmallestCountWhoseSumReachesTheTarget(double target, int expected) =>
        Assert.Equal(expected, Odd.CountReaching(target, max: 10));

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(4.0, 2)]
    [InlineData(4.1, 3)]
    [InlineData(1000.0, 10)]
    public void CountReaching_DividesTheTarget_WhenAllStepsAreEqual(double target, int expected) =>
        Assert.Equal(expected, new ArithmeticProgression(First: 2, Increment: 0).CountReaching(target, max: 10));
}
