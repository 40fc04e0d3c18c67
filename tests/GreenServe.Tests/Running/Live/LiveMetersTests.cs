using GreenServe.Metering.Recording;
using GreenServe.Records.Measurements;
using GreenServe.Running.Live;

namespace GreenServe.Tests.Running.Live;

public sealed class LiveMetersTests
{
    private static readonly MeterDescription Counter = new()
    {
        Name = "gpu0.energy",
        Scope = MeterScope.Gpu,
        Method = "counter",
        Device = "GPU 0",
        IsCounter = true,
    };

    private static readonly MeterDescription Power = Counter with
    {
        Name = "gpu0.power",
        Method = "averaged power",
        IsCounter = false,
        AveragingSeconds = 1,
    };

    private static readonly MeterDescription Model = Counter with
    {
        Name = "gpu0.model",
        Method = "power model",
        IsCounter = false,
        IsEstimated = true,
    };

    private readonly MemorySink next = new();

    [Fact]
    public void Latest_IsTheSlopeOfACounterOverASecond_AndTheMeanOfAPowerMeter()
    {
        LiveMeters meters = new(next, [Counter, Power]);
        Assert.Equal((null, null), (meters.Latest()[0].Watts, meters.Latest()[1].Watts));

        // 100 W for two seconds, then 300 W for one.
        foreach ((double seconds, double joules, double watts) in new[] { (0.0, 50.0, 100.0), (1, 150, 100), (2, 250, 100), (3, 550, 300) })
        {
            meters.Add(new PowerSample(Counter.Name, seconds, null, joules));
            meters.Add(new PowerSample(Power.Name, seconds, watts, null));
        }

        Assert.Equal([new LiveMeter(Counter.Name, MeterScope.Gpu, 300), new(Power.Name, MeterScope.Gpu, 300)], meters.Latest());
        Assert.Equal(8, next.Power.Count);
    }

    [Fact]
    public void HeadlineJoules_AreThoseOfTheCounter_FromTheBeginningOfTheLoad()
    {
        LiveMeters meters = new(next, [Counter, Power]);
        meters.Add(new PowerSample(Counter.Name, 9, null, 5000));
        Assert.Null(meters.HeadlineJoules(originSeconds: 10, elapsedSeconds: 0.5));

        // 200 W from 10.5 s on. The power meter is wrong, and the counter comes first.
        meters.Add(new PowerSample(Counter.Name, 10.5, null, 6000));
        meters.Add(new PowerSample(Power.Name, 10.5, 900, null));
        Assert.Null(meters.HeadlineJoules(originSeconds: 10, elapsedSeconds: 0.6));
        meters.Add(new PowerSample(Counter.Name, 12.5, null, 6400));
        meters.Add(new PowerSample(Power.Name, 12.5, 900, null));

        // 200 W over the three seconds since the load began.
        Assert.Equal(600, meters.HeadlineJoules(originSeconds: 10, elapsedSeconds: 3)!.Value, 1e-9);
    }

    [Fact]
    public void HeadlineJoules_AreThoseOfAPowerMeter_WhereNoCounterIsRead()
    {
        LiveMeters meters = new(next, [Counter with { NotMeasured = "the driver refuses" }, Power, Model]);
        _ = meters.HeadlineJoules(0, 0.1);
        meters.Add(new PowerSample(Power.Name, 1, 100, null));
        meters.Add(new PowerSample(Model.Name, 1, 777, null));
        meters.Add(new PowerSample(Power.Name, 3, 300, null));
        meters.Add(new PowerSample(Model.Name, 3, 777, null));

        // Between 100 and 300 W the mean is 200 W, over 4 s.
        Assert.Equal(800, meters.HeadlineJoules(0, 4)!.Value, 1e-9);
        Assert.Equal([Power.Name, Model.Name], meters.Latest().Select(meter => meter.Name));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1.0)]
    [InlineData(1e12)]
    public void Add_TakesNoReading_ThatIsNoNumber(double watts)
    {
        LiveMeters meters = new(next, [Power]);
        _ = meters.HeadlineJoules(0, 0.1);
        meters.Add(new PowerSample(Power.Name, 1, 100, null));
        meters.Add(new PowerSample(Power.Name, 1.5, watts, null));
        meters.Add(new PowerSample(Power.Name, 2, 100, null));

        Assert.Equal(100, meters.Latest()[0].Watts);
        Assert.Equal(200, meters.HeadlineJoules(0, 2)!.Value, 1e-9);
    }

    [Fact]
    public void Add_CountsNothing_WhenACounterGoesBack()
    {
        LiveMeters meters = new(next, [Counter]);
        _ = meters.HeadlineJoules(0, 0.1);
        foreach ((double seconds, double joules) in new[] { (1.0, 1000.0), (2, 1100), (3, 4), (4, 104) })
        {
            meters.Add(new PowerSample(Counter.Name, seconds, null, joules));
        }

        // 100 J, nothing, and 100 J again in three seconds; over six.
        Assert.Equal(200.0 / 3 * 6, meters.HeadlineJoules(0, 6)!.Value, 1e-9);
    }
}
