using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Analysis.Advising;

public sealed class SettingTextTests
{
    private static readonly ServingSetting Plain = new() { Gpu = "H100-80GB-SXM", Engine = "vllm-0.11", Model = "llama-2-7b" };

    private static readonly ServingSetting Full = Plain with
    {
        Replicas = 2,
        Knobs = new Knobs
        {
            TensorParallelism = 4,
            GpuClockMegahertz = 1410,
            PowerCapWatts = 500,
            MaxBatch = 64,
            StepTokens = 2048,
            Precision = Precision.Fp8,
        },
    };

    [Fact]
    public void InWords_NamesEveryKnob_ThatDoesNotHaveItsDefault()
    {
        Assert.Equal("2 x TP 4, 1410 MHz, 500 W, batch 64, chunk 2048, fp8", SettingText.InWords(Full));
        Assert.Equal("1 x TP 1", SettingText.InWords(Plain with { Knobs = new Knobs { Precision = Precision.Bf16 } }));
    }

    [Fact]
    public void InWords_NamesModelAndGpu_OnlyWhereTheyAreNotKnown()
    {
        ServingSetting other = Plain with { Gpu = "H200-SXM" };

        Assert.Equal("1 x TP 1", SettingText.InWords(Plain, Plain));
        Assert.Equal("H200-SXM, 1 x TP 1", SettingText.InWords(other, Plain));
        Assert.Equal("llama-2-7b, 1 x TP 1", SettingText.InWords(Plain, Plain with { Model = "" }));
    }

    [Fact]
    public void InWords_NamesSplitStagesAndCache()
    {
        ServingSetting split = Plain with
        {
            PrefillReplicas = 1,
            Replicas = 3,
            CachesPrefixes = false,
            Knobs = new Knobs { TensorParallelism = 2, PipelineParallelism = 2 },
        };

        Assert.Equal("1 prefill and 3 decode x TP 2 PP 2, no prefix caching", SettingText.InWords(split));
    }

    [Fact]
    public void ChangedKnobs_CountsWhatSomeoneHasToSet()
    {
        // Clock, cap, batch, chunk and number format; not the instances and their tensor parallelism.
        Assert.Equal(5, SettingText.ChangedKnobs(Full));
        Assert.Equal(0, SettingText.ChangedKnobs(Plain with { Replicas = 4 }));
        Assert.Equal(1, SettingText.ChangedKnobs(Plain with { PrefillReplicas = 1 }));
    }
}
