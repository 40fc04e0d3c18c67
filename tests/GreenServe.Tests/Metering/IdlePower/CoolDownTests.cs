using GreenServe.Metering.IdlePower;

namespace GreenServe.Tests.Metering.IdlePower;

public class CoolDownTests
{
    [Fact]
    public void Take_WaitsUntilTheDecayIsOver_WhenADeviceCools()
    {
        // 120 W falling to 78 W with a time constant of 15 s: within 20 s it still falls by 1 W until t = 15 ln(42 (1 - e^(-20/15)) e^(20/15) / 1).
        CoolDown coolDown = new(new BaselineOptions());

        double settled = FirstSettled(coolDown, time => 78 + (42 * Math.Exp(-time / 15)), _ => 40);

        Assert.InRange(settled, 55, 90);
        Assert.InRange(Math.Abs(coolDown.DriftWatts!.Value), 0, 1);
    }

    [Fact]
    public void Take_WaitsOn_WhenPowerHoldsStillButTheTemperatureFalls()
    {
        // Right after a load some devices hold a plateau while they cool.
        CoolDown coolDown = new(new BaselineOptions());

        double settled = FirstSettled(coolDown, time => time < 60 ? 120 : 78, time => Math.Max(35, 65 - (0.4 * time)));

        Assert.InRange(settled, 75, 100);
    }

    [Fact]
    public void Take_SettlesAtOnceAfterTheWindow_WhenNothingMoves() =>
        Assert.InRange(FirstSettled(new CoolDown(new BaselineOptions()), _ => 78, _ => null), 18, 19);

    [Fact]
    public void Take_NeverSettles_WhilePowerRises() =>
        Assert.True(double.IsPositiveInfinity(FirstSettled(new CoolDown(new BaselineOptions()), time => 78 + (0.2 * time), _ => 40)));

    private static double FirstSettled(CoolDown coolDown, Func<double, double> watts, Func<double, double?> celsius)
    {
        for (double time = 0; time < 300; time += 0.5)
        {
            if (coolDown.Take(time, watts(time), celsius(time)))
            {
                return time;
            }
        }

        return double.PositiveInfinity;
    }
}
