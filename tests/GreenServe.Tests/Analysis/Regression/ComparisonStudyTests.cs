using GreenServe.Analysis.Regression;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Xunit.Abstractions;

namespace GreenServe.Tests.Analysis.Regression;

/// <summary>The gate's promises, by experiment: false alarms of equal systems, and power against a true change of 5 %.</summary>
public sealed class ComparisonStudyTests(ITestOutputHelper output)
{
    private const int Trials = 1000;

    /// <summary>Spread between runs: about 1 % for energy and throughput, 2 % for medians, 5 % for tails.</summary>
    private static double Spread(GatedMetric metric) => metric.IsAbsolute ? 0.002
        : metric.Metric.Name.Contains("_p99_", StringComparison.Ordinal) ? 0.05
        : metric.Metric.Name.Contains("_p50_", StringComparison.Ordinal) ? 0.02 : 0.01;

    [Theory]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(10, false)]
    [InlineData(5, true)]   // heavy tails: Student's t with three degrees of freedom
    public void Decide_RaisesAFalseAlarm_InAtMostOneOfAHundredEqualComparisons(int repetitions, bool isHeavyTailed)
    {
        MersenneTwister random = new(7);

        int alarms = Enumerable.Range(0, Trials).Count(_ => Compare(random, repetitions, change: 0, isHeavyTailed).Any(change => change.Verdict == ChangeVerdict.Worse));

        output.WriteLine($"{alarms} false alarms in {Trials} comparisons of {repetitions} repetitions each");
        Assert.True(alarms <= Trials / 100, $"{alarms} false alarms");
    }

    [Fact]
    public void Decide_FindsATrueChangeOfFivePercent_InAtLeastNinetyFiveOfAHundred()
    {
        MersenneTwister random = new(11);

        int found = Enumerable.Range(0, Trials).Count(_ => Compare(random, repetitions: 5, change: 0.05, isHeavyTailed: false)
            .Any(change => change.Metric.Metric.Name == "joules_per_output_token" && change.Verdict == ChangeVerdict.Worse));

        output.WriteLine($"{found} of {Trials} changes of 5 % found with 5 repetitions and 1 % spread");
        Assert.True(found >= 0.95 * Trials, $"{found} found");
    }

    [Fact]
    public void Decide_SaysHowManyRepetitionsWouldTell_WhenTheyAreTooFew()
    {
        MersenneTwister random = new(13);
        List<int> needed = [];
        for (int trial = 0; trial < 200; trial++)
        {
            needed.AddRange(Compare(random, repetitions: 3, change: 0.05, isHeavyTailed: false)
                .Where(change => change.Metric.Metric.Name == "joules_per_output_token" && change.Verdict == ChangeVerdict.CannotTell)
                .Select(change => change.RepetitionsNeeded!.Value));
        }

        // With that many the change is found: 5 to 6 are enough by the test above, up to the luck of the spread seen.
        needed.Sort();
        Assert.InRange(needed[needed.Count / 2], 4, 10);
    }

    private static IReadOnlyList<MetricChange> Compare(MersenneTwister random, int repetitions, double change, bool isHeavyTailed) =>
        ComparisonRule.Decide([.. GatedMetric.Default.Select(metric =>
        {
            double[] Side(double factor) => [.. Enumerable.Range(0, repetitions).Select(_ =>
            {
                double noise = Spread(metric) * (isHeavyTailed ? StudentT.Sample(random, 0, 1, 3) / Math.Sqrt(3) : Normal.Sample(random, 0, 1));
                return metric.IsAbsolute ? 0.97 + noise : 10 * factor * Math.Exp(noise);
            })];
            double worse = metric.Metric.Name == "joules_per_output_token" ? 1 + change : 1;
            return new MetricSamples(metric, "", Side(1), Side(worse), IsPaired: false);
        })]);
}
