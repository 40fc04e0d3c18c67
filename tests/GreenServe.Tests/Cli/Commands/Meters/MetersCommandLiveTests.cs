using GreenServe.Cli.Commands.Meters;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Cli.Commands.Meters;

public sealed class MetersCommandLiveTests
{
    [Fact]
    public void Rows_GiveTheSlope_WhenTheMeterIsACounter()
    {
        MetersCommandLive live = new([new MeterDescription { Name = "c", Scope = MeterScope.Gpu, Method = "x", IsCounter = true }]);

        live.Add(new PowerSample("c", 1, null, 1000));
        live.Add(new PowerSample("c", 1.5, null, 1200));
        Assert.Null(Assert.Single(live.Rows()).Watts);
        live.Add(new PowerSample("c", 2, null, 1300));
        live.Add(new PowerSample("unknown", 2, 5, null));

        Assert.Equal(300, Assert.Single(live.Rows()).Watts);
    }
}
