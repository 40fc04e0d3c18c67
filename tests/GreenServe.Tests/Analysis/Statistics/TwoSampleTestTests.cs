using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class TwoSampleTestTests
{
    [Fact]
    public void Welch_HasTheClosedForm_WhenSpreadsAreEqual()
    {
        // Variances 2 and 2 of two values each: error sqrt(2), freedom (1 + 1)^2 / (1 + 1) = 2; t = 4 / sqrt(2).
        TwoSampleTest test = TwoSampleTest.Welch([9, 11], [13, 15])!;

        Assert.Equal((4, 2), (test.Difference, Math.Round(test.DegreesOfFreedom, 9)));
        Assert.Equal(Math.Sqrt(2), test.StandardError, 1e-12);

        // Two degrees of freedom: p = 1 - t / sqrt(2 + t^2), t^2 = 8.
        Assert.Equal(1 - Math.Sqrt(8.0 / 10), test.PValue, 1e-9);
    }

    [Fact]
    public void Paired_TakesTheSpreadOfTheWorkloadOut_WhenRunsArePairs()
    {
        double[] first = [10, 100, 1000];
        double[] second = [11.0, 101.1, 1000.9];

        // Unpaired the spread of the workloads hides it; the differences are 1.0, 1.1 and 0.9.
        Assert.True(TwoSampleTest.Welch(first, second)!.PValue > 0.9);
        TwoSampleTest paired = TwoSampleTest.Paired(first, second)!;
        Assert.Equal(1, paired.Difference, 1e-9);
        Assert.Equal(0.1 / Math.Sqrt(3), paired.StandardError, 1e-9);
        Assert.True(paired.PValue < 0.01);
    }

    [Fact]
    public void Welch_IsCertain_WhenNothingVaries()
    {
        Assert.Equal(1, TwoSampleTest.Welch([5, 5, 5], [5, 5])!.PValue);
        Assert.Equal(0, TwoSampleTest.Welch([5, 5, 5], [6, 6])!.PValue);
        Assert.Equal(0, TwoSampleTest.Welch([5, 5, 5], [6, 6])!.HalfWidth(0.95));
    }

    [Fact]
    public void Welch_HasNoAnswer_WhenASideRanOnce() => Assert.Null(TwoSampleTest.Welch([1], [1, 2]));
}
