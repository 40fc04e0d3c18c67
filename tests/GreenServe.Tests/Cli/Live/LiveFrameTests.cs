using CsCheck;
using GreenServe.Cli.Live;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Running.Live;
using GreenServe.Tests.Watching;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Live;

public sealed class LiveFrameTests
{
    [Fact]
    public void Of_DrawsALoad_OnASmallTerminal() => Assert.Equal(
        """
        chat-closed-loop                                                           1:23
        measured: measuring                                             about 2:04 left
        ████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  33 %

        requests  64 in flight   440 completed   8 failed   512 of 2,000 sent
        last 10 s 8,123 tokens/s   12.4 requests/s
                  TTFT p50 52.1 ms   p99 1.23 s
                  TBT  p50 10.1 ms   p99 12.2 ms
        client    sends 0.410 ms late at p99
        energy    0.0412 J/token since the load began
        power       412 W gpu0.energy    ▁▂▃▄▅▆▇█
                   85.2 W rapl.package-0 ▁▂▃▄▅▆▇█
        """.ReplaceLineEndings("\n"),
        Draw(Snapshots.Measuring, 80, 24, Snapshots.Rising(Snapshots.Measuring, 8)));

    [Fact]
    public void Of_DrawsASearch_WithItsBestSettingSoFar() => Assert.Equal(
        """
        chat on H100-SXM                                                           0:30
        simulated: simulating                                           about 0:10 left
        30 of at most 40 simulations, 20 of them candidates
        best so far: TP 4, 20 MHz: 2.00 J/token, worst latency at 100 % of its limit
        ███████████████████████████████████████████████████████░░░░░░░░░░░░░░░░░░  75 %
        """.ReplaceLineEndings("\n"),
        Draw(LiveScenes.Search(new FakeTimeProvider(), ended: 30).Latest, 80, 24));

    [Fact]
    public void Of_DrawsThePointsOfASweep_AndTheReasonsThatShow()
    {
        string drawn = Draw(Snapshots.OfASweep, 120, 40);

        Assert.Contains("this load 2:04, all about 2:04 left", drawn, StringComparison.Ordinal);
        Assert.Contains("\npoint 3 of 12: batch-8_r0   2 ended, 1 not VALID\n", drawn, StringComparison.Ordinal);
        Assert.Contains("\nso far    failures: 8 of 448 requests failed", drawn, StringComparison.Ordinal);

        // Two points and a third of the third one, of twelve.
        Assert.Contains(" 19 %\n", drawn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "evidence not known yet: waiting for the server")]
    [InlineData(EvidenceKind.Simulated, "simulated: waiting for the server")]
    [InlineData(EvidenceKind.Estimated, "estimated: waiting for the server")]
    public void Of_AlwaysSaysWhatKindOfEvidenceItIs(EvidenceKind? evidence, string expected)
    {
        LiveSnapshot waiting = new()
        {
            Title = "chat",
            Phase = LivePhase.WaitingForServer,
            Evidence = evidence,
            Activity = "starting the server: vllm",
            ElapsedSeconds = 3,
        };

        Assert.Equal($"chat{new string(' ', 51)}0:03\n{expected}\nstarting the server: vllm", Draw(waiting, 60, 24));
    }

    [Fact]
    public void Of_SaysWhyThereIsNoEnergy()
    {
        LiveSnapshot measuring = Snapshots.Measuring;
        LiveLoad unknown = measuring.Load! with { JoulesPerOutputToken = null };

        Assert.Contains("energy    not known yet", Draw(measuring with { Load = unknown }, 80, 24), StringComparison.Ordinal);
        Assert.Contains(
            "energy    not measured: no meter is read",
            Draw(measuring with { Load = unknown, Meters = [] }, 80, 24),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CountsTheMetersThatHaveNoRoom_AndKeepsTheReasons()
    {
        LiveSnapshot many = Snapshots.OfASweep with
        {
            Meters = [.. Enumerable.Range(0, 16).Select(index => new LiveMeter($"gpu{index}.energy", MeterScope.Gpu, 300))],
        };

        string drawn = Draw(many, 80, 24);

        // Of 22 lines, 12 are for the load and its reason. Nine meters and their rest fit below.
        Assert.Equal(22, drawn.Split('\n').Length);
        Assert.Contains("so far    failures", drawn, StringComparison.Ordinal);
        Assert.EndsWith("and 7 more meters", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EscapesForeignText()
    {
        string drawn = Draw(Snapshots.Measuring with { Title = "a\e[2J\nb" }, 80, 24);

        Assert.StartsWith(@"a\x1b[2J\nb ", drawn, StringComparison.Ordinal);
    }

    /// <summary>No line is wider than the terminal and the block leaves its last line free, whatever the terminal's size.</summary>
    [Fact]
    public void Of_FitsIntoAnyTerminal() => Gen.Select(Gen.Int[1, 200], Gen.Int[1, 60]).Sample((width, height) =>
    {
        foreach (LiveSnapshot snapshot in (LiveSnapshot[])[Snapshots.Measuring, Snapshots.OfASweep])
        {
            IReadOnlyList<BlockLine> lines = LiveFrame.Of(snapshot, Snapshots.Rising(snapshot, 70), width, height);
            Assert.InRange(lines.Count, 1, Math.Max(1, height - 2));
            Assert.All(lines, line => Assert.InRange(CellText.Width(line.Text), 0, Math.Max(1, width - 1)));
        }
    });

    private static string Draw(LiveSnapshot snapshot, int width, int height, LiveHistory? history = null) =>
        string.Join('\n', LiveFrame.Of(snapshot, history ?? new LiveHistory(), width, height).Select(line => line.Text));
}
