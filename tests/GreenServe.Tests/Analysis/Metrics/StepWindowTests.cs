using CsCheck;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class StepWindowTests
{
    // 100 W for 2 s, 300 W for 1 s, nothing for 1 s, 50 W for 4 s.
    private static readonly EngineStep[] Steps = [Step(0, 2, 200), Step(2, 1, 300), Step(4, 4, 200)];

    [Theory]
    [InlineData(0, 8, 700)]
    [InlineData(1, 2.5, 250)]
    [InlineData(2, 3, 300)]
    [InlineData(3, 4, 0)]
    [InlineData(3.5, 6, 100)]
    public void Joules_AreTheAreaUnderTheSteps(double from, double to, double joules) =>
        Assert.Equal(joules, StepWindow.Of(Steps, from, to)!.Joules, 1e-9);

    [Theory]
    [InlineData(0, 8, 300)]
    [InlineData(0, 1, 100)]
    [InlineData(5, 6, 50)]
    public void PeakWatts_IsThatOfTheStepsInTheWindow(double from, double to, double watts) =>
        Assert.Equal(watts, StepWindow.Of(Steps, from, to)!.PeakWatts!.Value, 1e-9);

    [Fact]
    public void NotMeasuredReason_TellsWhatTheStepsCover()
    {
        Assert.Null(StepWindow.Of(Steps, 0, 8)!.NotMeasuredReason);
        Assert.Contains("from 0 s to 8 s do not cover", StepWindow.Of(Steps, 0, 9)!.NotMeasuredReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FindsNothing_WithoutStepsOrTheirEnergy()
    {
        Assert.Null(StepWindow.Of([], 0, 1));
        Assert.Null(StepWindow.Of([.. Steps, new EngineStep(8, 1, 0, 1, 10)], 0, 1));
    }

    [Fact]
    public void Joules_AreThoseOfTheCourse_ToTheLastBit() =>
        Gen.Select(
            Gen.Select(Gen.Double[0, 0.1], Gen.Double[0.001, 0.1], Gen.Double[0, 100]).List[1, 50],
            Gen.Double[0, 5],
            Gen.Double[0, 5])
            .Sample((drawn, one, other) =>
            {
                double at = 0;
                List<EngineStep> steps = [];
                foreach ((double gap, double length, double joules) in drawn)
                {
                    steps.Add(Step(at += gap, length, joules));
                    at += length;
                }

                (double from, double to) = (Math.Min(one, other), Math.Max(one, other));
                Assert.Equal(new StepEnergy(steps).Joules(from, to), StepWindow.Of(steps, from, to)!.Joules);
            });

    private static EngineStep Step(double start, double seconds, double joules) => new(start, seconds, 0, 1, 10) { EnergyJoules = joules };
}
