using GreenServe.Records;

namespace GreenServe.Tests.Records;

public sealed class EveryCoreTests
{
    [Fact]
    public void Select_KeepsTheOrder() =>
        Assert.Equal(Enumerable.Range(0, 1000), EveryCore.Select(Enumerable.Range(0, 1000), item => item));

    [Fact]
    public void Select_ListsAProblemOnce_WhenEveryItemHasIt()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => EveryCore.Select<int, int>(
            Enumerable.Range(0, 100), _ => throw new InvalidInputException(new Problem("engine", "nothing", "a known engine"))));

        Assert.Equal("engine", Assert.Single(exception.Problems).Place);
    }

    [Fact]
    public void Select_LetsOtherExceptionsThrough() => Assert.Throws<AggregateException>(
        () => EveryCore.Select<int, int>([1], _ => throw new InvalidOperationException("a mistake")));
}
