using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Lengths;

public sealed class NaturalLengthTests
{
    private static readonly FixedLength Prompt = new() { Tokens = 5 };

    [Fact]
    public void For_AsksForTheLimit_WhenOutputsEndByThemselves()
    {
        Workload workload = Samples.Workload(
            new ConstantArrival { RequestsPerSecond = 1 },
            new IndependentLengths { Input = Prompt, Output = new NaturalLength { MaxTokens = 300 } },
            requests: 2);

        RequestSchedule schedule = RequestSchedule.For(workload);

        Assert.True(schedule.HasNaturalOutputs);
        Assert.All(schedule.Requests, request => Assert.Equal((5, 300), (request.InputTokens, request.OutputTokens)));
    }

    [Fact]
    public void Check_FindsANaturalPrompt_AndANaturalOutputInAClass()
    {
        IndependentLengths prompt = new() { Input = new NaturalLength(), Output = Prompt };
        ClassMixLengths mix = new()
        {
            Weights = new Dictionary<string, double> { ["SS"] = 1 },
            Input = new BandLengths { Short = Prompt, Medium = Prompt, Long = Prompt },
            Output = new BandLengths { Short = new NaturalLength { MaxTokens = 9 }, Medium = Prompt, Long = Prompt },
        };

        Assert.Equal("$.input.kind", Assert.Single(prompt.Check()).Place);
        Assert.Equal("$.output.short.kind", Assert.Single(mix.Check()).Place);
    }
}
