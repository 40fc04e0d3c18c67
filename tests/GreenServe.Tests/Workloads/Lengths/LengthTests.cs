using GreenServe.Records.Requests;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Lengths;

public sealed class LengthTests
{
    private const int Requests = 20_000;
    private const double StandardErrors = 4;

    [Fact]
    public void Fixed_GivesItsLength_Always() => Assert.All(Inputs(new FixedLength { Tokens = 77 }), tokens => Assert.Equal(77, tokens));

    [Fact]
    public void Uniform_GivesEveryLengthEquallyOften_BoundsIncluded()
    {
        int[] inputs = Inputs(new UniformLength { MinTokens = 10, MaxTokens = 13 });

        double expected = Requests / 4.0;
        Assert.Equal([10, 11, 12, 13], inputs.Distinct().Order());
        Assert.All(inputs.CountBy(tokens => tokens), pair => Assert.Equal(expected, pair.Value, StandardErrors * Math.Sqrt(expected)));
    }

    [Fact]
    public void Lognormal_HasItsMedianAndSigma()
    {
        int[] inputs = Inputs(new LognormalLength { MedianTokens = 1000, Sigma = 0.5 });
        double[] logarithms = [.. inputs.Select(tokens => Math.Log(tokens))];
        double mean = logarithms.Average();

        Assert.Equal(Math.Log(1000), mean, StandardErrors * 0.5 / Math.Sqrt(Requests));
        Assert.Equal(0.5, Math.Sqrt(logarithms.Average(value => (value - mean) * (value - mean))), StandardErrors * 0.5 / Math.Sqrt(2 * Requests));
    }

    [Fact]
    public void Lognormal_SolvesForMeanAndP99_InClosedForm()
    {
        (double mu, double sigma) = new LognormalLength { MeanTokens = 300, P99Tokens = 1200 }.LogParameters();

        // The mean of a lognormal is exp(mu + sigma²/2) and its 99th percentile exp(mu + 2.3263479 sigma).
        Assert.Equal(300, Math.Exp(mu + (sigma * sigma / 2)), 1e-9);
        Assert.Equal(1200, Math.Exp(mu + (2.3263478740408408 * sigma)), 1e-9);
    }

    [Fact]
    public void Lognormal_PutsLengthsOnTheBound_WhenTheyLieBeyondIt()
    {
        int[] inputs = Inputs(new LognormalLength { MedianTokens = 1000, Sigma = 1, MinTokens = 200, MaxTokens = 1000 });

        Assert.Equal(200, inputs.Min());
        Assert.Equal(0.5, inputs.Count(tokens => tokens == 1000) / (double)Requests, StandardErrors * 0.5 / Math.Sqrt(Requests));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.25, 55)]
    [InlineData(0.5, 100)]
    [InlineData(0.75, 100)]
    [InlineData(1, 100)]
    public void QuantileTable_IsLinearBetweenItsPoints(double share, double tokens) => Assert.Equal(tokens, Table((0, 10), (0.5, 100), (1, 100)).TokensAt(share));

    [Fact]
    public void QuantileTable_GivesBackItsQuantiles()
    {
        int[] inputs = [.. Inputs(Table((0, 1), (0.5, 1000), (0.9, 5000), (1, 9000))).Order()];

        // A sample quantile has standard error sqrt(p(1-p)/n) in share; the slope of the table turns it into tokens.
        Assert.Equal(1000, inputs[Requests / 2], StandardErrors * Math.Sqrt(0.25 / Requests) * 10_000);
        Assert.Equal(5000, inputs[Requests * 9 / 10], StandardErrors * Math.Sqrt(0.09 / Requests) * 40_000);
    }

    [Fact]
    public void ClassMix_HasItsShares_AndOnlyLengthsOfTheClass()
    {
        ClassMixLengths mix = Mix(new Dictionary<string, double> { ["SS"] = 1, ["ML"] = 3, ["LM"] = 0 });

        IReadOnlyList<ScheduledRequest> requests = RequestSchedule.For(Workload(mix)).Requests;

        Dictionary<string, int> counts = requests.CountBy(request => request.Class.Name).ToDictionary();
        Assert.Equal(["ML", "SS"], counts.Keys.Order());
        Assert.Equal(0.25, counts["SS"] / (double)Requests, StandardErrors * Math.Sqrt(0.25 * 0.75 / Requests));
        Assert.All(requests, request => Assert.Equal(request.Class, new RequestClassCuts().Classify(request.InputTokens, request.OutputTokens)));
    }

    internal static ClassMixLengths Mix(IReadOnlyDictionary<string, double> weights) => new()
    {
        Weights = weights,
        Input = new BandLengths
        {
            Short = new UniformLength { MinTokens = 1, MaxTokens = 255 },
            Medium = new UniformLength { MinTokens = 256, MaxTokens = 1023 },
            Long = new UniformLength { MinTokens = 1024, MaxTokens = 8192 },
        },
        Output = new BandLengths
        {
            Short = new UniformLength { MinTokens = 1, MaxTokens = 99 },
            Medium = new UniformLength { MinTokens = 100, MaxTokens = 349 },
            Long = new UniformLength { MinTokens = 350, MaxTokens = 1000 },
        },
    };

    private static QuantileLength Table(params (double At, double Tokens)[] points) =>
        new() { Points = [.. points.Select(point => new LengthQuantile { Share = point.At, Tokens = point.Tokens })] };

    private static Workload Workload(LengthModel lengths) => Samples.Workload(new ConstantArrival { RequestsPerSecond = 1 }, lengths, Requests);

    private static int[] Inputs(LengthDistribution input) =>
    [
        .. RequestSchedule.For(Workload(new IndependentLengths { Input = input, Output = new FixedLength { Tokens = 1 } }))
            .Requests.Select(request => request.InputTokens),
    ];
}
