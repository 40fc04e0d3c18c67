using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traits;

namespace GreenServe.Tests.Workloads.Traits;

public sealed class AdapterPopulationTests
{
    [Fact]
    public void For_AsksForAdaptersByThePowerLaw()
    {
        Workload workload = Samples.Workload(new ConstantArrival { RequestsPerSecond = 10 }, requests: 11_000) with
        {
            Adapters = new AdapterPopulation { Count = 3, Exponent = 1, BytesPerRank = 1, Ranks = [new AdapterRank { Rank = 8 }] },
        };

        int[] counts = [.. Enumerable.Range(0, 3).Select(
            adapter => RequestSchedule.For(workload).Requests.Count(request => request.Adapter == adapter))];

        // 1 : 1/2 : 1/3 is 6 : 3 : 2 of 11. Standard deviations of the counts are about 50.
        Assert.Equal([6000, 3000, 2000], counts.Select(count => Math.Round(count / 200.0) * 200));
    }

    [Fact]
    public void For_AsksForAllAlike_AtExponentZero()
    {
        AdapterPopulation alike = new() { Count = 4, Exponent = 0, BytesPerRank = 1, Ranks = [new AdapterRank { Rank = 8 }] };

        Assert.Equal([1, 1, 1, 1], alike.Popularity());
    }

    [Fact]
    public void Adapters_KeepTheSharesOfTheRanks_AmongTheMostPopularToo()
    {
        AdapterPopulation population = new()
        {
            Count = 8,
            BytesPerRank = 2e6,
            Ranks = [new AdapterRank { Rank = 8, Share = 2 }, new AdapterRank { Rank = 64 }, new AdapterRank { Rank = 128 }],
        };

        IReadOnlyList<Adapter> adapters = population.Adapters();

        // Of every four, two have rank 8. Among the first three each rank is there once, since the rank furthest behind is dealt.
        Assert.Equal([8, 64, 128, 8, 8, 64, 128, 8], adapters.Select(adapter => adapter.Rank));
        Assert.Equal(new Adapter(1, 64, 128e6), adapters[1]);
    }

    [Theory]
    [InlineData("{ count: 0, bytes_per_rank: 1, ranks: [{ rank: 8 }] }", "$.adapters.count")]
    [InlineData("{ count: 1, bytes_per_rank: 0, ranks: [{ rank: 8 }] }", "$.adapters.bytes_per_rank")]
    [InlineData("{ count: 1, bytes_per_rank: 1, ranks: [] }", "$.adapters.ranks")]
    [InlineData("{ count: 1, bytes_per_rank: 1, ranks: [{ rank: 8 }, { rank: 8 }] }", "$.adapters.ranks")]
    [InlineData("{ count: 1, bytes_per_rank: 1, ranks: [{ rank: 8, share: 0 }] }", "$.adapters.ranks")]
    [InlineData("{ count: 1, exponent: -1, bytes_per_rank: 1, ranks: [{ rank: 8 }] }", "$.adapters.exponent")]
    public void Bind_NamesThePlace_OfAWrongNumber(string adapters, string place)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => Samples.Parse(PrioritySharesTests.WithTraits($"adapters: {adapters}")));

        Assert.Contains(exception.Problems, problem => problem.Place == place);
    }
}
