using GreenServe.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class TerminalProgressTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly StringWriter output = new() { NewLine = "\n" };

    [Fact]
    public void Report_LeavesALineOut_WhenItsKindWasJustWritten()
    {
        TerminalProgress progress = new(output, clock);

        progress.Report("settling: 1");
        progress.Report("settling: 2");
        progress.Report("measuring: 1");
        clock.Advance(TerminalProgress.MinInterval);
        progress.Report("measuring: 2");

        Assert.Equal("settling: 1\nmeasuring: 1\nmeasuring: 2\n", output.ToString());
    }

    [Fact]
    public void Report_WritesTheLine_WhenItIsTheFirstAndHasNoKind()
    {
        TerminalProgress progress = new(output, clock);

        progress.Report("");

        Assert.Equal("\n", output.ToString());
    }
}
