using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

public sealed class AdapterMixTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Theory]
    [InlineData(1, new[] { 6.0 / 11, 3.0 / 11, 2.0 / 11 })]   // 1 : 1/2 : 1/3
    [InlineData(0, new[] { 1.0 / 3, 1.0 / 3, 1.0 / 3 })]
    [InlineData(2, new[] { 36.0 / 49, 9.0 / 49, 4.0 / 49 })]  // 1 : 1/4 : 1/9
    public void Of_DrawsByThePowerLaw(double exponent, double[] expected)
    {
        const int requests = 20_000;
        AdapterMix mix = new(Names, exponent);

        Dictionary<string, int> counts = Enumerable.Range(0, requests).CountBy(id => mix.Of(seed: 5, id)).ToDictionary();

        // The standard deviation of a share is at most sqrt(1/4 / 20,000) = 0.0035; the draws are the same in each test run.
        Assert.All(Names.Index(), place => Assert.Equal(expected[place.Index], counts[place.Item] / (double)requests, 0.012));
    }

    [Fact]
    public void Of_DependsOnSeedAndRequestAlone()
    {
        AdapterMix mix = new(Names, 1);
        string[] first = [.. Enumerable.Range(0, 50).Select(id => mix.Of(1, id))];
        string[] again = [.. Enumerable.Range(0, 50).Reverse().Select(id => new AdapterMix(Names, 1).Of(1, id)).Reverse()];

        Assert.Equal(first, again);
        Assert.NotEqual(first, Enumerable.Range(0, 50).Select(id => mix.Of(2, id)));
    }

    [Fact]
    public void Describe_TellsTheSharesOfASchedule()
    {
        string described = new AdapterMix(["only", "never"], 10).Describe(3, [.. ServedRun.Schedule(4).Requests]);

        // The second is drawn once in 1,025 requests.
        Assert.Equal("adapters by a power law of exponent 10, shares of the 4 requests: only 100 %, never 0 %", described);
    }
}
