using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads;

namespace GreenServe.Tests.Simulation.Capacity;

public sealed class ServingProfileTests
{
    private static readonly RequestClassCuts Cuts = new();

    private static readonly SimulatedSystem Server = TestSystems.H100(TestSystems.Llama31For8B, 1);

    [Fact]
    public void Capacity_IsTheRateOfAQueue_WhenRequestsAreServedOneByOne()
    {
        // One sequence at a time and one token of output: a request takes its prefill alone, s. With Poisson arrivals this is an M/D/1
        // queue. At load r the mean wait is r·s/(2(1 - r)), so that the median TTFT limit of s + front end + 2.37·s is met up to a load
        // near 0.9: the median of the wait lies below its mean of 4.5·s there.
        SimulatedSystem oneByOne = Server with { Knobs = Server.Knobs with { MaxBatch = 1 } };
        double service = oneByOne.StepModel().Cost(StepShape.Prefill(2048, 0, completesPrompt: true)).Seconds;
        double limit = service + oneByOne.EngineHere.FrontEndSeconds + (2.37 * service);
        SloByClass limits = Limits(SloMetric.Ttft, percentile: 50, limit);

        ServingProfile profile = ServingProfile.Of(oneByOne, [new RequestLengths(2048, 1)], Cuts, limits);

        Assert.InRange(profile.CapacityRequestsPerSecond * service, 0.8, 0.97);

        // Little's law: the mean number of requests is the rate times the mean time of each, which is at least a service time.
        Assert.True(profile.MeanRequests >= profile.CapacityRequestsPerSecond * service);
    }

    [Fact]
    public void Capacity_IsNothing_WhenOneRequestAloneMissesTheSlo()
    {
        ServingProfile profile = ServingProfile.Of(
            Server, [new RequestLengths(2048, 10)], Cuts, Limits(SloMetric.Ttft, percentile: 50, limitSeconds: 0.041));

        Assert.Equal(0, profile.CapacityRequestsPerSecond);
        Assert.Equal(Server.StepModel().LoadedIdleWatts.Middle, profile.Watts(1));
    }

    [Fact]
    public void Capacity_IsNothing_WhenTheCacheDoesNotHoldARequest()
    {
        ServingProfile profile = ServingProfile.Of(
            Server.WithCache(1000), [new RequestLengths(2048, 10)], Cuts, Limits(SloMetric.E2e, percentile: 50, limitSeconds: 1000));

        Assert.Equal(0, profile.CapacityRequestsPerSecond);
    }

    [Fact]
    public void Watts_RiseFromIdleToTheCapacity_AndStayThere()
    {
        ServingProfile profile = ServingProfile.Of(
            Server, [new RequestLengths(512, 50)], Cuts, Limits(SloMetric.Tbt, percentile: 99, limitSeconds: 0.05));
        double capacity = profile.CapacityRequestsPerSecond;

        double[] watts = [.. new[] { 0, 0.1, 0.3, 0.6, 1, 2 }.Select(share => profile.Watts(share * capacity))];

        Assert.Equal(Server.StepModel().LoadedIdleWatts.Middle, watts[0]);
        Assert.Equal(watts[..5].Order(), watts[..5]);
        Assert.Equal(watts[4], watts[5]);
        Assert.InRange(watts[4], 1.5 * watts[0], 700);
    }

    [Fact]
    public void Profile_IsTheSame_WhenItIsMadeAgain()
    {
        SloByClass limits = Limits(SloMetric.Tbt, percentile: 99, limitSeconds: 0.05);
        RequestLengths[] lengths = [new(100, 10), new(900, 40)];

        ServingProfile one = ServingProfile.Of(Server, lengths, Cuts, limits);
        ServingProfile other = ServingProfile.Of(Server, lengths, Cuts, limits);

        Assert.Equal(one.CapacityRequestsPerSecond, other.CapacityRequestsPerSecond);
        Assert.Equal(one.Watts(1), other.Watts(1));
    }

    [Fact]
    public void Of_CarriesLess_AtALowerClock()
    {
        SloByClass limits = SloByClass.Of(WorkloadCatalog.Read("class-mm").Slo!, Cuts, Server);
        TrafficHistory traffic = TrafficHistory.Of(TrafficHistoryTests.OneOfEachClass());
        ServingProfiles profiles = new(Server with { GpuCount = 2 }, traffic, Cuts, limits);

        RequestClass mm = new(LengthBand.Medium, LengthBand.Medium);
        Assert.Equal([1, 2], profiles.TensorParallelisms);
        Assert.True(profiles.Of(mm, 2, 600).CapacityRequestsPerSecond < profiles.Of(mm, 2).CapacityRequestsPerSecond);
    }

    private static SloByClass Limits(SloMetric metric, double percentile, double limitSeconds)
    {
        SloLimit limit = new() { Metric = metric, Percentile = percentile, LimitSeconds = limitSeconds };
        return SloByClass.Of(new SloProfile { Name = "test", Source = "test", Limits = [limit] }, Cuts, Server);
    }
}
