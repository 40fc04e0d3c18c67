using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Analysis.Metrics.Steps;

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
        Assert.Equal(joules, StepWindow.Of(Steps, from, to).Joules, 1e-9);

    [Theory]
    [InlineData(0, 8, 300)]
    [InlineData(0, 1, 100)]
    [InlineData(5, 6, 50)]
    public void PeakWatts_IsThatOfTheStepsInTheWindow(double from, double to, double watts) =>
        Assert.Equal(watts, StepWindow.Of(Steps, from, to).PeakWatts!.Value, 1e-9);

    [Fact]
    public void NotMeasuredReason_TellsWhatTheStepsCover()
    {
        Assert.Null(StepWindow.Of(Steps, 0, 8).NotMeasuredReason);
        Assert.Contains("from 0 s to 8 s do not cover", StepWindow.Of(Steps, 0, 9).NotMeasuredReason, StringComparison.Ordinal);
    }

    [Fact]
    public void StatesEnergy_IfEveryStepDoes()
    {
        EngineStep silent = new(8, 1, 0, 1, 10);

        Assert.True(StepWindow.Of(Steps, 0, 1).StatesEnergy);
        Assert.Equal((false, false), States([]));
        Assert.Equal((false, true), States([.. Steps, silent]));
        Assert.Equal((false, false), States([silent]));

        static (bool All, bool Any) States(EngineStep[] steps) =>
            (StepWindow.Of(steps, 0, 1).StatesEnergy, StepWindow.Of(steps, 0, 1).StatesAnyEnergy);
    }

    [Fact]
    public void FirstAndLastSeconds_SpanTheSteps()
    {
        Assert.Equal((0, 8), (StepWindow.Of(Steps, 3, 4).FirstSeconds, StepWindow.Of(Steps, 3, 4).LastSeconds));
        Assert.Null(StepWindow.Of([], 3, 4).FirstSeconds);
    }

    [Fact]
    public void AboveLoadedIdle_IsAbsent_WhereAPromptHasNoEnergyOfItsOwn()
    {
        EngineStep prompt = new(8, 1, 512, 0, 0) { EnergyJoules = 100 };

        // The steps are of tokens alone: above 40 W they used 60 x 2 + 260 x 1 + 10 x 4 J.
        PhaseEnergy known = StepWindow.Of(Steps, 0, 8, loadedIdleWatts: 40).AboveLoadedIdle!;

        Assert.Equal((280, 0, 420), (known.StaticJoules, known.PrefillJoules, known.DecodeJoules));
        Assert.Null(StepWindow.Of([.. Steps, prompt], 0, 9, loadedIdleWatts: 40).AboveLoadedIdle);
        Assert.Null(StepWindow.Of(Steps, 0, 8).AboveLoadedIdle);
    }

    private static EngineStep Step(double start, double seconds, double joules) => new(start, seconds, 0, 1, 10) { EnergyJoules = joules };
}
