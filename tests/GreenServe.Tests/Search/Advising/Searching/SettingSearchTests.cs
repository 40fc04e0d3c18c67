using GreenServe.Records;
using GreenServe.Search.Advising.Searching;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Search.Advising.Trials;
using GreenServe.Workloads;

namespace GreenServe.Tests.Search.Advising.Searching;

public sealed class SettingSearchTests
{
    private static readonly Workload Short = AdvisorWorkloads.Poisson with { Slo = AdvisorWorkloads.Slo(0.5, 0.05) };

    [Fact]
    public void Run_FindsTheLeastOfAll_WhenTheGridIsSmall()
    {
        SettingTrials trials = new(Short);
        SettingSpace space = Build("gpu_clock_megahertz=510,1005,1980", "precision=bf16,fp8");

        SettingSearchResult result = new SettingSearch(space, trials, new SettingSearchOptions { GpuLimit = 1, Repetitions = 2 }).Run();

        // Six settings, each simulated once, and the finalists once more.
        Assert.True(result.IsExact);
        Assert.Equal(6, result.FullTrials.Count());
        Assert.Equal(result.FullTrials.Where(trial => trial.Score.IsFeasible).Min(trial => trial.Score.Objective),
            result.Finalists[0].Repetitions[0].Score.Objective);
        Assert.All(result.Finalists, finalist => Assert.Equal(2, finalist.Repetitions.Count));
        Assert.Equal(result.Trials.Count, result.Summary.Simulations);
    }

    [Fact]
    public void Run_SaysByHowMuchNothingFits_WhenTheModelIsTooLarge()
    {
        SettingTrials trials = new(Short with { Model = "llama-2-70b" });
        SettingSpace space = SettingSpaceBuilder.Build(Request("precision=bf16", "others=default") with { Model = "llama-2-70b" }).Space!;

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => new SettingSearch(space, trials, new SettingSearchOptions { GpuLimit = 1 }).Run());

        // 69 billion weights of 2 bytes are 138 GB; 0.9 * 80 GB (or GiB) less 3 GB of buffers are there.
        Assert.Matches(@"lacks \d\d\.\d GB of memory on each of 1 x H100-80GB-SXM in bf16", exception.Message);
    }

    private static SettingSpace Build(params string[] knobs) => SettingSpaceBuilder.Build(Request([.. knobs, "others=default"])).Space!;

    private static SettingSpaceRequest Request(params string[] knobs) => new()
    {
        Model = "llama-3.1-8b",
        Gpus = ["H100-80GB-SXM"],
        Engine = "vllm-0.11",
        GpuLimit = 1,
        Knobs = knobs,
    };
}
