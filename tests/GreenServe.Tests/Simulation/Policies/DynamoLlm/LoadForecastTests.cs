using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Policies.DynamoLlm;
using GreenServe.Tests.Simulation.Capacity;

namespace GreenServe.Tests.Simulation.Policies.DynamoLlm;

public sealed class LoadForecastTests
{
    private const int SlotsOfDay = 288;

    private readonly long[] arrived = new long[RequestClass.All.Count];
    private readonly LoadForecast forecast = new(TrafficHistory.Of(TrafficHistoryTests.OneOfEachClass()), headroomRatio: 0.5);

    [Fact]
    public void Rates_AreTheKnownPeaks_BeforeAnythingWasSeen()
    {
        // One request of each class within the 8 s of the history, and half as much again for headroom.
        Assert.All(forecast.Rates(1800), rate => Assert.Equal(1.5 / 8, rate, 1e-9));
    }

    [Fact]
    public void Rates_AreTheHighestJustBefore_OnTheFirstDay()
    {
        EndSlots(requestsOfEach: [900, 300, 600]);

        // Slots of 300 s had 3, 1 and 2 requests/s of the first class. Ten minutes look back on the last two.
        Assert.Equal(1.5 * 2, forecast.Rates(600)[0], 1e-9);
        Assert.Equal(1.5 * 3, forecast.Rates(900)[0], 1e-9);
        Assert.Equal(0, forecast.Rates(900)[1]);
    }

    [Fact]
    public void Rates_AreTheMedianOfTheSameSlot_OfEarlierDaysOfTheSameKind()
    {
        // Monday to Wednesday have 1, 5 and 2 requests/s all day. Thursday's first slot expects their median, and not Wednesday's rate
        // alone.
        EndSlots([.. Days(300, 1500, 600)]);

        Assert.Equal(1.5 * 2, forecast.Rates(300)[0], 1e-9);
    }

    [Fact]
    public void Rates_DoNotTakeAWeekdayForAWeekend()
    {
        // Five weekdays of 1 request/s and the last slot of Friday with 4: on Saturday nothing of its kind was seen before.
        EndSlots([.. Days(300, 300, 300, 300, 300).SkipLast(1), 1200]);

        Assert.Equal(1.5 * 4, forecast.Rates(300)[0], 1e-9);
    }

    private static IEnumerable<int> Days(params int[] requestsOfEachSlot) =>
        requestsOfEachSlot.SelectMany(requests => Enumerable.Repeat(requests, SlotsOfDay));

    private void EndSlots(int[] requestsOfEach)
    {
        foreach (int requests in requestsOfEach)
        {
            arrived[0] += requests;
            forecast.EndSlot(requestClass => requestClass == RequestClass.All[0] ? arrived[0] : 0);
        }
    }
}
