using GreenServe.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class TerminalProgressTests
{
    [Fact]
    public void Report_LeavesALineOut_WhenItsKindWasJustWritten()
    {
        FakeTimeProvider clock = new();
        using StringWriter output = new() { NewLine = "\n" };
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
        using StringWriter output = new() { NewLine = "\n" };
        TerminalProgress progress = new(output, new FakeTimeProvider());

        progress.Report("");

        Assert.Equal("\n", output.ToString());
    }
}
