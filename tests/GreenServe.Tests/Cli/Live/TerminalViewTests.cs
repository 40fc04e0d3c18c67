using GreenServe.Cli.Live;
using GreenServe.Records;
using GreenServe.Running.Live;
using GreenServe.Tests.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Live;

public sealed class TerminalViewTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly ScreenOfATerminal screen = new(width: 60);

    [Fact]
    public async Task View_ShowsTheRun_KeepsLinesAboveIt_AndLeavesTheTerminalClean()
    {
        LiveRun live = new(time);
        live.Update(seen => seen with { Title = "chat", Evidence = EvidenceKind.Measured });
        await using (TerminalView view = TerminalView.Start(live, screen, hasColors: true, () => (60, 20), time))
        {
            time.Advance(TerminalView.Interval);
            Assert.Equal("measured: preparing", screen.Rows[1]);

            await view.Lines.WriteAsync("a notice with \e[2J in it, ");
            Assert.DoesNotContain(screen.Rows, row => row.StartsWith("a notice", StringComparison.Ordinal));
            await view.Lines.WriteLineAsync("whole");
            live.Enter(LivePhase.Judging);
            time.Advance(TerminalView.Interval);
            Assert.Equal((@"a notice with \x1b[2J in it, whole", "measured: completing the record"), (screen.Rows[0], screen.Rows[2]));
            await view.Lines.WriteAsync("the beginning of a line");
        }

        Assert.Equal([@"a notice with \x1b[2J in it, whole", "the beginning of a line"], screen.Rows);
    }

    [Fact]
    public async Task View_GoesOnSilently_WhenTheTerminalIsGone()
    {
        using BrokenTerminal broken = new();
        TerminalView view = TerminalView.Start(new LiveRun(time), broken, hasColors: false, () => (60, 20), time);

        time.Advance(TerminalView.Interval);
        time.Advance(TerminalView.Interval);

        Assert.Equal(1, broken.Attempts);
        await Assert.ThrowsAsync<UnavailableException>(async () => await view.DisposeAsync());
    }

    public void Dispose() => screen.Dispose();

    private sealed class BrokenTerminal : StringWriter
    {
        internal int Attempts { get; private set; }

        public override void Write(System.Text.StringBuilder? value)
        {
            Attempts++;
            throw new IOException("the other end is closed");
        }
    }
}
