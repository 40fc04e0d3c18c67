using GreenServe.Cli.Live;
using GreenServe.Running.Live;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Live;

public sealed class PlainViewTests
{
    [Fact]
    public async Task View_WritesALineEveryFiveSeconds_AndNoneAfterItsEnd()
    {
        FakeTimeProvider time = new();
        LiveRun live = new(time);
        using StringWriter output = new();
        await using (new PlainView(live, output, time))
        {
            time.Advance(PlainView.Interval);
            Assert.Equal("", output.ToString());
            live.Update(_ => Snapshots.Measuring);
            time.Advance(PlainView.Interval * 2);
        }

        time.Advance(PlainView.Interval * 2);

        Assert.Equal(2, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
