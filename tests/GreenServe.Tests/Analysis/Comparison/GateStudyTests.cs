using GreenServe.Analysis.Comparison;
using MathNet.Numerics.Random;
using Xunit.Abstractions;

namespace GreenServe.Tests.Analysis.Comparison;

/// <summary>Tests by experiment what the gate promises: few false alarms of equal systems, and finding a true change of 5 %.</summary>
public sealed class GateStudyTests(ITestOutputHelper output)
{
    private const int Trials = 1000;
    private const double Spread = 0.01;

    [Theory]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(10, false)]
    [InlineData(5, true)]   // heavy tails: Student's t with three degrees of freedom
    public void FalseAlarms_AreAtMostOneInAHundred_WhenSystemsAreEqual(int repetitions, bool isHeavyTailed)
    {
        int alarms = new GateStudy(GateStudy.Assumed(Spread), repetitions, isHeavyTailed).FalseAlarms(Trials);

        output.WriteLine($"{alarms} false alarms in {Trials} comparisons of {repetitions} repetitions each");
        Assert.True(alarms <= Trials / 100, $"{alarms} false alarms");
    }

    [Theory]
    [InlineData("joules_per_output_token")]
    [InlineData("output_tokens_per_second")]   // worse is less
    public void Found_IsAtLeastNinetyFiveInAHundred_WhenTheTrueChangeIsFivePercent(string metric)
    {
        int found = new GateStudy(GateStudy.Assumed(Spread), repetitions: 5).Found(metric, 0.05, Trials);

        output.WriteLine($"{found} of {Trials} changes of 5 % found with 5 repetitions and 1 % spread");
        Assert.True(found >= 0.95 * Trials, $"{found} found");
    }

    [Fact]
    public void Compare_SaysHowManyRepetitionsWouldTell_WhenTheyAreTooFew()
    {
        MersenneTwister random = new(13);
        GateStudy study = new(GateStudy.Assumed(Spread), repetitions: 3);
        List<int> needed = [];
        for (int trial = 0; trial < 200; trial++)
        {
            needed.AddRange(study.Compare(random, "joules_per_output_token", 0.05)
                .Where(change => change.Metric.Metric.Name == "joules_per_output_token" && change.Verdict == ChangeVerdict.CannotTell)
                .Select(change => change.RepetitionsNeeded!.Value));
        }

        // The test above says that 5 to 6 repetitions are enough; how many it takes here depends on the spread that a trial happens to see.
        needed.Sort();
        Assert.InRange(needed[needed.Count / 2], 4, 10);
    }
}
