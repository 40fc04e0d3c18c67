using System.Text.Json.Nodes;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Tests.Analysis;

namespace GreenServe.Tests.Records.Runs;

public sealed class SteadyWindowTests
{
    [Fact]
    public void Of_IsWarmUpEndToLastArrival_WhenTheLoopIsOpen()
    {
        RunManifest manifest = new SyntheticRun().Manifest with { Concurrency = null, WarmUpSeconds = 2 };

        SteadyWindow steady = SteadyWindow.Of(manifest, [Request(0, 1, 3), Request(5, 6, 9), Request(8, 9, 20)]);

        Assert.Equal((2.0, 8.0), Edges(steady));
        Assert.Null(steady.NoWindowReason);
    }

    [Fact]
    public void Of_IsTheFullBatch_WhenTheLoopIsClosed()
    {
        RunManifest manifest = new SyntheticRun { Batch = 2 }.Manifest;
        RequestRecord[] requests = [Request(0, 1, 10), Request(0, 2, 11), Request(10, 12, 20), Request(11, 13, 24), Request(20, 22, 30)];

        SteadyWindow steady = SteadyWindow.Of(manifest, requests);

        // Full from the second first token (2 s); 5 requests, so fewer than 2 are left from the fourth ending (24 s).
        Assert.Equal((2.0, 24.0), Edges(steady));
    }

    [Fact]
    public void Of_OpensWhenTheLastUserHasBegun_WhenUsersRampUp()
    {
        RunManifest manifest = new SyntheticRun { Batch = 2 }.Manifest;
        RequestRecord[] requests =
        [
            Request(0, 1, 3) with { Id = 0 },
            Request(8, 9, 11) with { Id = 1 },
            Request(3, 4, 6) with { Id = 2 },
            Request(6, 7, 10) with { Id = 3 },
            Request(10, 11, 13) with { Id = 4 },
        ];

        // The first user has its second first token at 4 s, but the second user begins at 8 s and has its first one at 9 s.
        Assert.Equal(9.0, Edges(SteadyWindow.Of(manifest, requests)).Start);
    }

    [Fact]
    public void Of_EndsWhenAUserHasNoSessionLeft_WhenUsersHoldSessions()
    {
        RunManifest manifest = new SyntheticRun { Batch = 2 }.Manifest;
        manifest = manifest with { Workload = new JsonObject { ["sessions"] = new JsonObject { ["turns"] = 2 } } };

        // One user has the sessions (0, 1) and (4, 5), the other the long one (2, 3).
        RequestRecord[] requests =
        [
            Request(0, 1, 5) with { Id = 0 },
            Request(5, 6, 10) with { Id = 1 },
            Request(0, 2, 30) with { Id = 2 },
            Request(30, 31, 60) with { Id = 3 },
            Request(10, 11, 15) with { Id = 4 },
            Request(15, 16, 20) with { Id = 5 },
        ];

        // Three sessions: fewer than two are left when the second has ended, at 20 s, though a turn is sent at 30 s.
        Assert.Equal((2.0, 20.0), Edges(SteadyWindow.Of(manifest, requests)));
        Assert.Equal("1 sessions never fill a batch of 2", SteadyWindow.Of(manifest, requests[..2]).NoWindowReason);
    }

    [Fact]
    public void Of_UsesTheBatchLimit_WhenItIsBelowTheNumberOfUsers()
    {
        RunManifest manifest = new SyntheticRun { Batch = 100, Knobs = new Knobs { MaxBatch = 1 } }.Manifest;

        SteadyWindow steady = SteadyWindow.Of(manifest, [Request(0, 1, 4), Request(0, 5, 8)]);

        Assert.Equal((1.0, 8.0), Edges(steady));
    }

    [Fact]
    public void Of_KeepsTheWindow_WhenTheRunFixedIt()
    {
        RunManifest manifest = new SyntheticRun().Manifest with { Window = new MeasurementWindow(3, 4, "fixed") };

        Assert.Equal(manifest.Window, SteadyWindow.Of(manifest, []).Window);
    }

    [Fact]
    public void Of_SaysWhyNot_WhenTheBatchNeverFilled()
    {
        RunManifest manifest = new SyntheticRun { Batch = 4 }.Manifest;

        SteadyWindow steady = SteadyWindow.Of(manifest, [Request(0, 1, 2), Request(0, 1, 2)]);

        Assert.Null(steady.Window);
        Assert.Equal("the batch of 4 never filled: 2 requests had a first token", steady.NoWindowReason);
    }

    [Fact]
    public void Of_SaysThatTheRunEnded_WhenTheBatchWasStillFull()
    {
        RunManifest manifest = new SyntheticRun { Batch = 2 }.Manifest;
        RequestRecord running = Request(1, 2, 3) with { CompletedSeconds = null };

        // Two of three requests would have to end before fewer than two are left.
        SteadyWindow steady = SteadyWindow.Of(manifest, [Request(0, 1, 2), running, running]);

        Assert.Null(steady.Window);
        Assert.Equal("the run ended while the batch of 2 was full: 1 of 3 had ended", steady.NoWindowReason);
    }

    [Fact]
    public void Of_SaysWhyNot_WhenNothingArrivedAfterWarmUp()
    {
        RunManifest manifest = new SyntheticRun().Manifest with { Concurrency = null, WarmUpSeconds = 30 };

        SteadyWindow steady = SteadyWindow.Of(manifest, [Request(5, 6, 7)]);

        Assert.Equal("no request was scheduled after the end of warm-up", steady.NoWindowReason);
    }

    private static (double Start, double End) Edges(SteadyWindow steady) => (steady.Window!.StartSeconds, steady.Window.EndSeconds);

    private static RequestRecord Request(double issued, double first, double completed) =>
        new(0, "MS", issued, issued, first, completed, 512, 512, 8, 8, RequestStatus.Completed);
}
