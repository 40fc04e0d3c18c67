using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Tests.Search.Advising.Spaces;

public sealed class SettingSpaceBuilderTests
{
    private static readonly SettingSpaceRequest OneModel = new()
    {
        Model = "llama-3.1-8b",
        Gpus = ["H100-80GB-SXM"],
        Engine = "vllm-0.11",
        GpuLimit = 2,
    };

    [Fact]
    public void Build_VariesEveryKnob_WhenTheUserSaysNothing()
    {
        SettingSpace space = Build(OneModel);

        // Nothing shares prefixes, one model and one kind of GPU: those are no axes.
        Assert.Equal(
            [
                KnobNames.Precision, KnobNames.TensorParallelism, KnobNames.PipelineParallelism, KnobNames.Replicas,
                KnobNames.PrefillReplicas, KnobNames.GpuClock, KnobNames.PowerCap, KnobNames.MaxBatch, KnobNames.StepTokens,
            ],
            space.Axes.Select(axis => axis.Name));
    }

    [Fact]
    public void Build_SpreadsClocksOverTheDevice_WhenTheUserSaysNothing()
    {
        SettingAxis clock = AxisOf(Build(OneModel), KnobNames.GpuClock);

        // 210 to 1980 MHz in steps of 15: twelve values 160.9 MHz apart, each at the nearest step counted from the highest.
        Assert.Equal(12, clock.Values.Count);
        Assert.Equal("210 MHz", clock.Values[0].Words);
        Assert.Equal("375 MHz", clock.Values[1].Words);
        Assert.Equal("1980 MHz (default)", clock.Values[^1].Words);
        Assert.True(clock is { IsLowestLimit: true, IsHighestLimit: true });
    }

    [Fact]
    public void Build_TriesNoValueTwice_WhenADefaultIsAmongTheValues()
    {
        string[] knobs = ["gpu_clock_megahertz=1980,1975,default,990,1000", "max_batch=1024,default,64"];
        SettingSpace space = Build(OneModel with { Knobs = knobs });

        // 1980 MHz is the default, 1975 MHz is set as 1980 MHz, and 1000 MHz as 1005 MHz. 1024 is what the engine does by itself.
        Assert.Equal(
            ["990 MHz", "1005 MHz", "1980 MHz (default)"], AxisOf(space, KnobNames.GpuClock).Values.Select(value => value.Words));
        Assert.Equal(["64", "1024 (default)"], AxisOf(space, KnobNames.MaxBatch).Values.Select(value => value.Words));
        ServingSetting last = space[space.Count - 1];
        Assert.Null(last.Knobs.GpuClockMegahertz);
        Assert.Null(last.Knobs.MaxBatch);
    }

    [Fact]
    public void Build_WritesOutARange_WhenItHasAStep()
    {
        SettingSpace space = Build(OneModel with { Knobs = ["others=default", "power_cap_watts=400..700/150"] });

        SettingAxis axis = Assert.Single(space.Axes);
        Assert.Equal(["400 W", "550 W", "700 W (default)"], axis.Values.Select(value => value.Words));
        Assert.Equal(new ServingSetting { Gpu = "H100-80GB-SXM", Engine = "vllm-0.11", Model = "llama-3.1-8b" }, space[2]);
    }

    [Fact]
    public void Build_VariesTheCacheOfPrefixes_WhenPromptsShareBeginnings()
    {
        SettingSpace space = Build(OneModel with { SharesPrefixes = true });

        Assert.Equal(["no (default)", "yes"], AxisOf(space, KnobNames.CachesPrefixes).Values.Select(value => value.Words));
    }

    [Fact]
    public void Build_GivesEachGpuItsOwnClocks_WhenSeveralAreAllowed()
    {
        SettingSpace space = Build(OneModel with
        {
            Gpus = ["H100-80GB-SXM", "A100-80GB-SXM"],
            Knobs = ["others=default", "gpu_clock_megahertz"],
        });

        // The lowest clock of both is 210 MHz; halfway is not tried with twelve values; 5 / 11 of the range of each:
        // 210 + 5 / 11 * 1770 = 1015, set as 1020; 210 + 5 / 11 * 1200 = 755, set as 750.
        ServingSetting[] fifth = [.. Enumerable.Range(0, 2).Select(gpu => space.At([gpu, 5]))];
        Assert.Equal([1020, 750], fifth.Select(setting => setting.Knobs.GpuClockMegahertz!.Value));
    }

    [Fact]
    public void Build_NamesEveryProblem_WhenTheInputIsBad()
    {
        SettingSpaceResult result = SettingSpaceBuilder.Build(OneModel with
        {
            GpuLimit = 0,
            Knobs =
            [
                "colour=red", "tensor_parallelism=0,two", "tensor_parallelism=1", "gpu_clock_megahertz=100", "precision=fp4,fp7",
                "step_tokens=512..1024", "caches_prefixes=maybe", "others=none", "max_batch=8,,16",
            ],
        });

        Assert.Null(result.Space);
        Assert.Equal(
            [
                "'colour'", "'tensor_parallelism' twice", "'step_tokens=512..1024'", "'others=none'", "'max_batch=8,,16'", "0", "'fp7'",
                "'0'", "'two'", "'maybe'", "'100'",
            ],
            result.Problems.Select(problem => $"{problem.Found}"));
    }

    [Fact]
    public void Build_NamesTheGpuAndTheModel_WhenNeitherIsKnown()
    {
        SettingSpaceResult result = SettingSpaceBuilder.Build(OneModel with { Gpus = ["H900"], Model = "llama-99" });

        Assert.Null(result.Space);
        Assert.Equal(2, result.Problems.Count);
        Assert.Contains(result.Problems, problem => problem.ToString().Contains("H900", StringComparison.Ordinal));
        Assert.Contains(result.Problems, problem => problem.ToString().Contains("llama-99", StringComparison.Ordinal));
    }

    private static SettingSpace Build(SettingSpaceRequest request)
    {
        SettingSpaceResult result = SettingSpaceBuilder.Build(request);
        Assert.Empty(result.Problems);
        return result.Space!;
    }

    private static SettingAxis AxisOf(SettingSpace space, string name) => space.Axes.Single(axis => axis.Name == name);
}
