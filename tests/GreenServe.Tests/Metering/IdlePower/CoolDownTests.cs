using GreenServe.Metering.IdlePower;

namespace GreenServe.Tests.Metering.IdlePower;

public class CoolDownTests
{
    [Fact]
    public void Take_WaitsUntilTheDecayIsOver_WhenADeviceCools()
    {
        // 120 W fall to 78 W with a time constant of 15 s. Within 20 s they still fall by 1 W until 15 ln(42 (1 - e^(-20/15)) e^(20/15)) s.
        CoolDown coolDown = new(new BaselineOptions());

        double? settled = FirstSettled(coolDown, time => 78 + (42 * Math.Exp(-time / 15)), _ => 40);

        Assert.InRange(settled!.Value, 55, 90);
        Assert.InRange(Math.Abs(coolDown.DriftWatts!.Value), 0, 1);
    }

    [Fact]
    public void Take_WaitsOn_WhenPowerHoldsStillButTheTemperatureFalls()
    {
        // Right after a load some devices hold a plateau while they cool.
        CoolDown coolDown = new(new BaselineOptions());

        double? settled = FirstSettled(coolDown, time => time < 60 ? 120 : 78, time => Math.Max(35, 65 - (0.4 * time)));

        Assert.InRange(settled!.Value, 75, 100);
    }

    [Fact]
    public void Take_SettlesAtOnceAfterTheWindow_WhenNothingMoves() =>
        Assert.InRange(FirstSettled(new CoolDown(new BaselineOptions()), _ => 78, _ => null)!.Value, 18, 19);

    [Fact]
    public void Take_NeverSettles_WhilePowerRises() =>
        Assert.Null(FirstSettled(new CoolDown(new BaselineOptions()), time => 78 + (0.2 * time), _ => 40));

    [Fact]
    public void Outcome_TellsTheDrift_WhenPowerStillRises()
    {
        CoolDown coolDown = new(new BaselineOptions());
        FirstSettled(coolDown, time => 78 + (0.2 * time), _ => 40);

        SettlingOutcome outcome = coolDown.Outcome(waitedSeconds: 300);

        // 0.2 W a second over 20 s.
        Assert.Equal("not settled after 300 s, still moving by +4.0 W in 20 s", outcome.Describe());
        Assert.Equal(4, outcome.ErrorWatts, 6);
    }

    [Fact]
    public void Outcome_IsSettled_WhenTheLastLookFoundItStill()
    {
        CoolDown coolDown = new(new BaselineOptions());
        FirstSettled(coolDown, _ => 78, _ => null);

        Assert.Equal(new Settled(18), coolDown.Outcome(waitedSeconds: 18));
    }

    [Theory]
    [InlineData(5, "not waited for (5 s is shorter than the settling time of 20 s)")]
    [InlineData(300, "not known to be settled (too few readings of power in 300 s)")]
    public void Outcome_SaysWhyNothingIsKnown_WhenNoLookWasTaken(double longestWaitSeconds, string words)
    {
        CoolDown coolDown = new(new BaselineOptions { LongestWaitSeconds = longestWaitSeconds });

        SettlingOutcome outcome = coolDown.Outcome(longestWaitSeconds);

        Assert.Equal((words, 0), (outcome.Describe(), outcome.ErrorWatts));
    }

    [Theory]
    [InlineData(20, 0.5)]
    [InlineData(0.4, 0.04)]
    public void LookSeconds_AreATenthOfTheSettlingTime_AndAtMostHalfASecond(double settlingSeconds, double lookSeconds) =>
        Assert.Equal(lookSeconds, new CoolDown(new BaselineOptions { SettlingSeconds = settlingSeconds }).LookSeconds, 9);

    private static double? FirstSettled(CoolDown coolDown, Func<double, double> watts, Func<double, double?> celsius)
    {
        for (double time = 0; time < 300; time += 0.5)
        {
            if (coolDown.Take(time, watts(time), celsius(time)))
            {
                return time;
            }
        }

        return null;
    }
}
