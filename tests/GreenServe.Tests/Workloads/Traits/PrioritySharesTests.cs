using GreenServe.Records;
using GreenServe.Tests.Workloads.Lengths;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traits;

namespace GreenServe.Tests.Workloads.Traits;

public sealed class PrioritySharesTests
{
    private static readonly PriorityShares QuarterHigh = new() { Shares = new Dictionary<string, double> { ["low"] = 75, ["high"] = 25 } };

    [Fact]
    public void For_GivesEachPriorityItsShare_AndLeavesTheRestAsItWas()
    {
        Workload plain = Samples.Workload(new PoissonArrival { RequestsPerSecond = 10 }, requests: 10_000);

        RequestSchedule with = RequestSchedule.For(plain with { Priorities = QuarterHigh });

        // The standard deviation of the share is sqrt(0.25 * 0.75 / 10000) = 0.0043.
        Assert.Equal(0.25, with.Requests.Average(request => request.Priority == "high" ? 1.0 : 0), tolerance: 4 * 0.0043);
        Assert.Equal(["high", "low"], with.Priorities);
        Assert.Equal(RequestSchedule.For(plain).Requests, with.Requests.Select(request => request with { Priority = null }));
    }

    [Fact]
    public void For_UsesTheSharesOfTheClass_WhereTheyAreStated()
    {
        Workload workload = Samples.Workload(
            new ConstantArrival { RequestsPerSecond = 10 },
            LengthTests.Mix(new Dictionary<string, double> { ["SS"] = 1, ["LL"] = 1 })) with
        {
            Priorities = QuarterHigh with
            {
                ByClass = new Dictionary<string, IReadOnlyDictionary<string, double>>
                {
                    ["LL"] = new Dictionary<string, double> { ["low"] = 1 },
                    ["SS"] = new Dictionary<string, double> { ["high"] = 3 },
                },
            },
        };

        Assert.All(
            RequestSchedule.For(workload).Requests,
            request => Assert.Equal(request.Class.Name == "LL" ? "low" : "high", request.Priority));
    }

    [Fact]
    public void For_GivesAllTurnsOfASessionTheSamePriorityAndAdapter()
    {
        Workload workload = Samples.Workload(new ConstantArrival { RequestsPerSecond = 10 }) with
        {
            Sessions = new Sessions { Turns = 5 },
            Priorities = QuarterHigh,
            Adapters = new AdapterPopulation { Count = 20, BytesPerRank = 1, Ranks = [new AdapterRank { Rank = 8 }] },
        };

        IEnumerable<IGrouping<int?, ScheduledRequest>> sessions =
            RequestSchedule.For(workload).Requests.GroupBy(request => request.PrefixGroup);

        Assert.All(sessions, session => Assert.Single(session.Select(turn => (turn.Priority, turn.Adapter)).Distinct()));
    }

    [Fact]
    public void Canonical_LeavesThePrioritiesAndAdaptersOut_WhereThereAreNone()
    {
        string json = Samples.Workload(new ConstantArrival { RequestsPerSecond = 1 }).ToCanonicalJson();

        Assert.DoesNotContain("priorities", json, StringComparison.Ordinal);
        Assert.DoesNotContain("adapters", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ shares: { high: 0, low: 0 } }", "$.priorities.shares")]
    [InlineData("{ shares: { high: -1, low: 2 } }", "$.priorities.shares.high")]
    [InlineData("{ shares: { 'two words': 1 } }", "$.priorities.shares")]
    [InlineData("{ shares: { high: 1 }, by_class: { XX: { high: 1 } } }", "$.priorities.by_class.XX")]
    [InlineData("{ shares: { high: 1 }, by_class: { SS: { low: 1 } } }", "$.priorities.by_class.SS")]
    [InlineData("{ shares: { high: 1 }, by_class: { SS: { high: -1 } } }", "$.priorities.by_class.SS")]
    public void Bind_NamesThePlace_OfAWrongShare(string priorities, string place)
    {
        string yaml = WithTraits($"priorities: {priorities}");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Samples.Parse(yaml));

        Assert.Contains(exception.Problems, problem => problem.Place.StartsWith(place, StringComparison.Ordinal));
    }

    internal static string WithTraits(string traits) => $$"""
        name: traits
        purpose: a test
        source: none
        model: llama-2-70b
        arrival: { kind: constant, requests_per_second: 1 }
        lengths: { kind: independent, input: { kind: fixed, tokens: 512 }, output: { kind: fixed, tokens: 128 } }
        requests: 10
        {{traits}}
        """;
}
