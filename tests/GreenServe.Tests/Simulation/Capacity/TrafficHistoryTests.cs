using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Capacity;

public sealed class TrafficHistoryTests
{
    private static readonly RequestClass Smallest = RequestClass.All[0];
    private static readonly RequestClass Largest = RequestClass.All[^1];

    [Fact]
    public void Peaks_AreTheHighestRatesOfFiveMinutes()
    {
        // 30 small requests in the first five minutes, 60 large ones in the second, 10 of each in the third.
        TrafficHistory history = TrafficHistory.Of(new RequestSchedule(
        [
            .. Requests(30, 0, input: 100, output: 10),
            .. Requests(60, 300, input: 2000, output: 400),
            .. Requests(10, 600, input: 100, output: 10),
            .. Requests(10, 750, input: 2000, output: 400),
        ]));

        Assert.Equal((0.1, 0.2), (history.ClassPeakRequestsPerSecond(Smallest), history.ClassPeakRequestsPerSecond(Largest)));
        Assert.Equal(0.2, history.PeakRequestsPerSecond);
        Assert.Equal((40 / 110.0, 70 / 110.0), (history.ClassShare(Smallest), history.ClassShare(Largest)));
        Assert.Equal(110, history.Mix.Count);
        Assert.All(history.Of(Largest), own => Assert.Equal(new RequestLengths(2000, 400), own));
    }

    [Fact]
    public void Lengths_AreThoseOfATypicalRequest_WhenTheClassDidNotCome()
    {
        TrafficHistory history = TrafficHistory.Of(new RequestSchedule([.. Requests(5, 0, input: 100, output: 10)]));

        // Twice the cuts at which inputs and outputs are long.
        Assert.Equal([new RequestLengths(2048, 700)], history.Of(Largest));
        Assert.Equal((0, 0), (history.ClassPeakRequestsPerSecond(Largest), history.ClassShare(Largest)));
    }

    /// <summary>A schedule with one request of each class.</summary>
    internal static RequestSchedule OneOfEachClass() => new([.. RequestClass.All.Select((requestClass, number) => new ScheduledRequest(
        number, number, requestClass, 100 * (1 << (2 * (int)requestClass.Input)), 50 * (1 << (2 * (int)requestClass.Output))))]);

    private static IEnumerable<ScheduledRequest> Requests(int count, double from, int input, int output) => Enumerable.Range(0, count)
        .Select(index => new ScheduledRequest(index, from + index, new RequestClassCuts().Classify(input, output), input, output));
}
