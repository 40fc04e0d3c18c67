using GreenServe.Records.Measurements;
using GreenServe.Simulation.Runs;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class StepStretchTests
{
    [Fact]
    public void Step_GrowsByOneTokenForEachSequence_FromTheFirst()
    {
        StepStretch stretch = new()
        {
            Replica = 0,
            StartSeconds = 10,
            Count = 3,
            StepSeconds = new ArithmeticProgression(2, 1),
            StepJoules = new ArithmeticProgression(100, 10),
            ClockMegahertz = 1980,
            WaitingRequests = 0,
            Work = new StretchWork(PrefillTokens: 0, DecodeSequences: 4, FirstContextTokens: 400, PrefillJoules: 0)
            {
                SecondsPerContextToken = 0.25,
                JoulesPerContextToken = 2.5,
            },
        };

        EngineStep last = stretch.Recorded.Step(2);

        // Steps of 2, 3 and 4 s use 100, 110 and 120 J and attend to 400, 404 and 408 tokens.
        EngineStep expected = new(StartSeconds: 15, DurationSeconds: 4, PrefillTokens: 0, DecodeSequences: 4, ContextTokens: 408)
        {
            EnergyJoules = 120,
            PrefillEnergyJoules = 0,
            ClockMegahertz = 1980,
        };
        Assert.Equal(expected, last);
        Assert.Equal((9.0, 330.0, 50.0), (stretch.Seconds, stretch.Joules, stretch.PeakWatts));
    }

    [Fact]
    public void Step_IsAnIdleRow_WhenTheStretchHasNoWork()
    {
        StepStretch idle = StepStretch.Idle(replica: 2, startSeconds: 1, seconds: 4, joules: 500, clockMegahertz: 1200, waitingRequests: 0);

        EngineStep step = Assert.Single(Enumerable.Range(0, idle.Count).Select(idle.Recorded.Step));

        Assert.True(idle.IsIdle && step.IsIdle);
        Assert.Equal((1.0, 4.0, 500.0, 0.0), (step.StartSeconds, step.DurationSeconds, step.EnergyJoules, step.PrefillEnergyJoules));
        Assert.Equal(125, idle.PeakWatts);
    }
}
