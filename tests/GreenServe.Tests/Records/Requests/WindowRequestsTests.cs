using CsCheck;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Tests.Records.Requests;

public sealed class WindowRequestsTests
{
    /// <summary>50 ms to the first token and 49 gaps of 20 ms.</summary>
    private const double ServiceSeconds = 0.05 + (49 * 0.02);

    [Fact]
    public void Served_IsUsersOverServiceTime_WhenUsersAreInStep()
    {
        // Ten users, ten waves. The window opens with the first tokens and closes as the tenth wave is sent.
        RequestSpan[] requests = Waves(10, users: 10);

        // 10 / 1.03 = 9.709 requests/s. Nine waves end after the window opened, but it also cuts off 0.05 s of the first.
        Assert.Equal(10 / ServiceSeconds, RateOf(0.05, 9 * ServiceSeconds, requests), 1e-9);
    }

    [Fact]
    public void Served_IsUsersOverServiceTime_WhenThereAreTwoWaves()
    {
        RequestSpan[] requests = Waves(2, users: 100);

        Assert.Equal(100 / ServiceSeconds, RateOf(0.05, ServiceSeconds, requests), 1e-9);
    }

    [Fact]
    public void Served_IsUsersOverServiceTime_WhereverTheWindowLies() =>
        Gen.Select(Gen.Double[0, ServiceSeconds].Array[1, 12], Gen.Double[0.01, 5], Gen.Double[0.01, 5]).Sample((phases, start, length) =>
        {
            RequestSpan[] requests =
                [.. from phase in phases from wave in Enumerable.Range(0, 12) select Completed(((wave - 1) * ServiceSeconds) + phase)];

            Assert.Equal(phases.Length / ServiceSeconds, RateOf(start, start + length, requests), 1e-9);
        });

    [Fact]
    public void Served_IsUsersOverServiceTime_WhenTheRunIsCutWithItsWindow() =>
        Gen.Select(Gen.Double[0, ServiceSeconds].Array[1, 12], Gen.Double[0.1, 5]).Sample((phases, length) =>
        {
            // At the end of the window the client cancels what is in flight; each of the requests had some of its 50 tokens by then.
            double end = ServiceSeconds + length;
            RequestSpan[] requests =
            [
                .. from phase in phases
                from wave in Enumerable.Range(0, 12)
                let issued = ((wave - 1) * ServiceSeconds) + phase
                where issued <= end
                select issued + ServiceSeconds <= end ? Completed(issued) : Cancelled(issued, end),
            ];

            // A request that is cut between two tokens may have been about to get the next one: less than one gap for each user.
            double tolerance = phases.Length * 0.02 / ServiceSeconds / length;
            Assert.Equal(phases.Length / ServiceSeconds, RateOf(ServiceSeconds, end, requests), tolerance + 1e-9);
        });

    [Fact]
    public void Served_IsTheRate_WhenAnOpenLoopIsConstant()
    {
        // A request every 0.1 s, longer than the window before it; the window holds 40 arrivals.
        RequestSpan[] requests = [.. Enumerable.Range(-30, 100).Select(index => Completed(index / 10.0))];

        Assert.Equal(10, RateOf(0.33, 4.33, requests), 1e-9);
    }

    [Fact]
    public void Served_AddsUpToTheRequests_HoweverTheRunIsCut() =>
        Gen.Select(Gen.Select(Gen.Double[0, 10], Gen.Double[0, 3]).Array[1, 30], Gen.Double[0, 13].Array[0, 6]).Sample((drawn, cuts) =>
        {
            RequestSpan[] requests = [.. drawn.Select(one => Completed(one.Item1, one.Item2))];
            double[] edges = [-1, .. cuts.Order(), 14];

            double sum = edges.Zip(edges.Skip(1)).Sum(
                window => new WindowRequests(Window(window.First, window.Second), requests).ServedRequests);

            Assert.Equal(requests.Length, sum, 1e-9);
        });

    [Fact]
    public void Served_LeavesOutWhatFailed()
    {
        RequestSpan[] requests =
        [
            Completed(1),
            .. Enum.GetValues<RequestStatus>().Except([RequestStatus.Completed, RequestStatus.Cancelled])
                .Select(status => RequestSpan.Of(Request(1, 1) with { Status = status })),
        ];

        Assert.Equal(1, new WindowRequests(Window(0, 5), requests).ServedRequests, 1e-12);
    }

    [Fact]
    public void Served_HasNothingOfACancelledRequest_WhenNothingTellsHowLongItWouldHaveTaken()
    {
        Assert.Equal(0, new WindowRequests(Window(0, 5), [Cancelled(1, 1.5)]).ServedRequests);

        // One that never was sent was not served either.
        RequestSpan unsent = RequestSpan.Of(Request(1, 1) with { Status = RequestStatus.Cancelled, IssuedSeconds = null });
        Assert.Equal(1, new WindowRequests(Window(0, 5), [Completed(1), unsent]).ServedRequests, 1e-12);
    }

    [Fact]
    public void Share_IsWhole_WhenARequestTakesNoTime()
    {
        WindowRequests window = new(Window(1, 2), []);

        Assert.Equal([0.0, 1, 1, 0], new[] { 1, 1.5, 2, 2.5 }.Select(instant => window.Share(Completed(instant, 0))));
    }

    private static double RateOf(double start, double end, RequestSpan[] requests) =>
        new WindowRequests(Window(start, end), requests).ServedRequests / (end - start);

    private static RequestSpan[] Waves(int waves, int users) =>
        [.. from wave in Enumerable.Range(0, waves) from user in Enumerable.Range(0, users) select Completed(wave * ServiceSeconds)];

    private static MeasurementWindow Window(double start, double end) => new(start, end, "test");

    private static RequestSpan Completed(double issued, double seconds = ServiceSeconds) => RequestSpan.Of(Request(issued, seconds));

    private static RequestSpan Cancelled(double issued, double end)
    {
        int tokens = end - issued < 0.05 ? 0 : 1 + (int)((end - issued - 0.05) / 0.02);
        return RequestSpan.Of(Request(issued, end - issued) with
        {
            Status = RequestStatus.Cancelled,
            FirstTokenSeconds = tokens > 0 ? issued + 0.05 : null,
            LastTokenSeconds = tokens > 0 ? issued + 0.05 + ((tokens - 1) * 0.02) : null,
            OutputTokensCounted = tokens,
        });
    }

    private static RequestRecord Request(double issued, double seconds) => new(
        0, "SS", issued, issued, issued + Math.Min(0.05, seconds), issued + seconds, 10, 10, 50, 50, RequestStatus.Completed);
}
