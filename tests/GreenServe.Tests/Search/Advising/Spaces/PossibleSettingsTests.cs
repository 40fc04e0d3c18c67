using GreenServe.Search.Advising.Spaces;
using GreenServe.Search.Advising.Trials;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Tests.Search.Advising.Spaces;

public sealed class PossibleSettingsTests
{
    [Fact]
    public void Of_CountsEveryReason_WhenSettingsCannotExist()
    {
        SettingTrials trials = new(AdvisorWorkloads.Poisson with { Model = "llama-2-70b" });
        SettingSpace space = Build("tensor_parallelism=1,2,3,4,8", "replicas=1,2", "max_batch=16,64", "step_tokens=32,1024");

        PossibleSettings possible = PossibleSettings.Of(space, trials, gpuLimit: 8);

        // Each instance has four pairs of batch and step, of which 64 sequences with 32 tokens cannot be. 138 GB of weights do not fit on
        // one GPU; 3 divides no 64 heads; two instances of 8 need 16 GPUs. What is left: 2, 4 and 8 once, 2 and 4 twice, three pairs each.
        Assert.Equal(5 * 3, possible.Numbers.Count);
        Assert.Equal([8, 8, 5, 4], possible.Refused.Select(refused => refused.Settings));
        Assert.Matches(@"^llama-2-70b lacks \d+\.\d GB of memory on each of 1 x H100-80GB-SXM in bf16$", possible.Refused[0].Reason);
        Assert.StartsWith("tensor_parallelism 3: it must be", possible.Refused[1].Reason, StringComparison.Ordinal);
        Assert.StartsWith("step_tokens 32: it must be", possible.Refused[2].Reason, StringComparison.Ordinal);
        Assert.Equal("more than 8 GPUs", possible.Refused[3].Reason);
        Assert.Equal(space.Count, possible.Numbers.Count + possible.Refused.Sum(refused => refused.Settings));
    }

    [Fact]
    public void Of_RefusesSettingsThatCannotHoldARequest_WhenItIsLong()
    {
        SettingTrials trials = new(AdvisorWorkloads.Poisson with
        {
            Lengths = new IndependentLengths
            {
                Input = new FixedLength { Tokens = 5000 },
                Output = new FixedLength { Tokens = 10 },
            },
            Model = "llama-2-70b",
        });

        // The context of the model has 4,096 tokens.
        Exception exception = Assert.Throws<GreenServe.Records.InvalidInputException>(
            () => PossibleSettings.Of(Build("tensor_parallelism=4,8"), trials, gpuLimit: 8));

        Assert.Contains("4096 tokens of the context", exception.Message, StringComparison.Ordinal);
    }

    private static SettingSpace Build(params string[] knobs) => SettingSpaceBuilder.Build(new SettingSpaceRequest
    {
        Model = "llama-2-70b",
        Gpus = ["H100-80GB-SXM"],
        Engine = "vllm-0.11",
        GpuLimit = 8,
        Knobs = ["others=default", .. knobs],
    }).Space!;
}
