using GreenServe.Cli.Terminal;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class TerminalSparklineTests
{
    [Theory]
    [InlineData(new double[0], "")]
    [InlineData(new[] { 5.0, 5.0 }, "▁▁")]
    [InlineData(new[] { 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0 }, "▁▂▃▄▅▆▇██")]
    public void Of_RunsFromTheLowestBarToTheHighest_WhenValuesRise(double[] values, string expected) =>
        Assert.Equal(expected, TerminalSparkline.Of(values));
}
