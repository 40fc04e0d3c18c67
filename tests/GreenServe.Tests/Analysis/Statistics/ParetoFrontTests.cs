using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class ParetoFrontTests
{
    [Fact]
    public void Of_LeavesDominatedPointsOut_WhenOtherPointsAreBetter() =>
        Assert.Equal([2, 0, 3], ParetoFront.Of([(2.0, 2.0), (3.0, 2.0), (1.0, 5.0), (4.0, 1.0), (1.0, 6.0)]));
}
