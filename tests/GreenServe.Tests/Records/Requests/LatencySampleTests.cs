using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Tests.Records.Requests;

public sealed class LatencySampleTests
{
    private static readonly MeasurementWindow Window = new(0.5, 1, "test");

    [Fact]
    public void Contains_TheWholeSecondWave_WhenTheWindowClosesInIt()
    {
        // 100 users: the second wave is sent within 5 ms, and the window was closed at a meter's reading before its end.
        RequestSpan[] requests =
        [
            .. Enumerable.Range(0, 100).Select(_ => Request(issued: 0)),
            .. Enumerable.Range(0, 100).Select(user => Request(issued: 0.999 + (user * 5e-5))),
        ];

        LatencySample sample = new(Window, users: 100, hasSessions: false, requests);

        Assert.Equal("issued since the window opened", sample.Rule);
        Assert.Equal(100, requests.Count(sample.Contains));
        Assert.Null(sample.ReasonAgainst(requests));
    }

    [Fact]
    public void Contains_WhatRanInTheWindow_WhenLessThanAWaveWasIssued()
    {
        RequestSpan[] requests = [Request(issued: 0), Request(issued: 0), Request(issued: 0.7)];

        LatencySample sample = new(Window, users: 2, hasSessions: false, requests);

        Assert.Equal("running in the window", sample.Rule);
        Assert.Equal(3, requests.Count(sample.Contains));
    }

    [Fact]
    public void Contains_NothingAfterTheWindow_WhenSessionsRunOut()
    {
        // After the window's end some users are idle, while others go on with their sessions.
        RequestSpan[] requests = [Request(issued: 0.6), Request(issued: 0.8), Request(issued: 1.5)];

        LatencySample sample = new(Window, users: 2, hasSessions: true, requests);

        Assert.Equal([true, true, false], requests.Select(sample.Contains));
    }

    [Fact]
    public void Contains_WhatWasScheduledInTheWindow_WhenTheLoopIsOpen()
    {
        RequestSpan[] requests = [Request(issued: 0.4), Request(issued: 0.5), Request(issued: 1), Request(issued: 1.1)];

        LatencySample sample = new(Window, users: null, hasSessions: false, requests);

        Assert.Equal([false, true, true, false], requests.Select(sample.Contains));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "too-few-requests")]
    [InlineData(2, null)]
    public void ReasonAgainst_ASingleCompletedRequest(int completed, string? code)
    {
        RequestSpan[] requests =
            [.. Enumerable.Range(0, 3).Select(index => Request(0.6, index < completed ? RequestStatus.Completed : RequestStatus.TimedOut))];

        LatencySample sample = new(Window, users: null, hasSessions: false, requests);

        Assert.Equal(code, sample.ReasonAgainst(requests)?.Code);
    }

    private static RequestSpan Request(double issued, RequestStatus status = RequestStatus.Completed) => RequestSpan.Of(
        new RequestRecord(0, "SS", issued, issued, issued + 0.1, issued + 1, 10, 10, 10, 10, status));
}
