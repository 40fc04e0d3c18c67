using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class WindowTrafficTests
{
    private static readonly MeasurementWindow Window = new(1, 3, "test");

    [Fact]
    public void Of_CountsTokensOfEveryRequest_WhateverBecameOfIt()
    {
        // First token at 1.5 s, then ten tokens up to 2 s. What comes after the last token has no tokens.
        RequestRecord request = new(0, "SS", 1, 1, 1.5, 2.8, 10, 10, 11, 11, RequestStatus.Completed) { LastTokenSeconds = 2 };
        RequestRecord[] requests = [request, .. Enum.GetValues<RequestStatus>().Select(status => request with { Status = status })];

        WindowTraffic traffic = WindowTraffic.Of(Manifest(), requests, Window);

        Assert.Equal(11.0 * requests.Length, traffic.OutputTokens.Value!.Value, 1e-9);
        Assert.Equal(10.0 * requests.Length, traffic.InputTokens.Value!.Value, 1e-9);
    }

    [Fact]
    public void Of_SpreadsTokensUpToTheLast_WhereTheRequestEndedLater()
    {
        // Ten tokens follow the first from 2 to 4 s: half of them lie in the window, and the first.
        RequestRecord request = new(0, "SS", 0, 0, 2, 9, 10, 10, 11, 11, RequestStatus.Completed) { LastTokenSeconds = 4 };

        Assert.Equal(6, WindowTraffic.Of(Manifest(), [request], Window).OutputTokens.Value!.Value, 1e-9);
    }

    [Fact]
    public void Of_SpreadsTokensOverTheRequest_WhereTheirTimesAreNotKnown()
    {
        RequestRecord request = new(0, "SS", 2, 2, null, 6, 8, 8, 40, 40, RequestStatus.Completed);

        WindowTraffic traffic = WindowTraffic.Of(Manifest(), [request], Window);

        // One of four seconds lies in the window.
        Assert.Equal((10.0, 2.0, 0.25), (traffic.OutputTokens.Value, traffic.InputTokens.Value, traffic.Requests));
    }

    [Fact]
    public void Of_TakesTheClientsOwnCount_WhereOnlyRequestsThatWereCutHaveNone()
    {
        RequestRecord whole = new(0, "SS", 1, 1, 1.5, 2, 10, 10, 11, 11, RequestStatus.Completed);
        RequestRecord cut = whole with { Status = RequestStatus.Cancelled, OutputTokensCounted = null };
        RunManifest manifest = Manifest() with
        {
            Window = Window,
            Counters = new Dictionary<string, double> { [RunCounter.WindowOutputTokens.Name] = 17 },
        };

        Assert.Equal(17, WindowTraffic.Of(manifest, [whole, cut], Window).OutputTokens.Value);

        // The count is that of another window, or a whole answer was not counted.
        Assert.Equal(
            "1 requests have no output token count",
            WindowTraffic.Of(manifest, [whole, cut], Window with { EndSeconds = 2.9 }).OutputTokens.NotMeasured);
        Assert.Equal(
            "2 requests have no output token count",
            WindowTraffic.Of(manifest, [whole with { OutputTokensCounted = null }, cut], Window).OutputTokens.NotMeasured);
    }

    private static RunManifest Manifest() => new SyntheticRun().Manifest;
}
