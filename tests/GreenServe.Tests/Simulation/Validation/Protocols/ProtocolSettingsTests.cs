using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Scheduling;
using GreenServe.Simulation.Validation.Protocols;

namespace GreenServe.Tests.Simulation.Validation.Protocols;

public sealed class ProtocolSettingsTests
{
    private static readonly MeasuredSetup Setup = new("H200_SXM", "meta-llama/Llama-3.1-70B", Precision.Fp8, 4, 1024, 8192);

    [Fact]
    public void Holds_WhereEveryConditionDoes()
    {
        ProtocolSettings settings = new()
        {
            Gpus = ["H200"],
            Models = ["meta-llama/llama-3.1-70b"],
            Precisions = [Precision.Fp8],
            MaxTensorParallelism = 4,
            MaxInputTokens = 1024,
            MaxOutputTokens = 8192,
        };
        Assert.True(settings.Holds(Setup));
        Assert.True(new ProtocolSettings().Holds(Setup));
        Assert.False(settings.Holds(Setup with { Gpu = "H100_SXM" }));
        Assert.False(settings.Holds(Setup with { Model = "another" }));
        Assert.False(settings.Holds(Setup with { Precision = Precision.Bf16 }));
        Assert.False(settings.Holds(Setup with { TensorParallelism = 8 }));
        Assert.False(settings.Holds(Setup with { InputTokens = 1025 }));
        Assert.False(settings.Holds(Setup with { OutputTokens = 8193 }));
    }

    [Fact]
    public void After_ReplacesWhatIsSet_AndKeepsTheRest()
    {
        ProtocolSettings before = new() { StepTokens = 16384, KeyValueBytes = 1, MaxSequencesAreUsers = true };
        ProtocolSettings after = new ProtocolSettings { StepTokensBeyondRequest = 10, CachedPromptRatio = 0.96 }.After(before);

        // Of the ways to state the tokens of a step, the later one replaces the earlier one.
        Assert.Equal(1024 + 8192 + 10, after.StepTokensFor(1024, 8192));
        Assert.Equal((1, true, 0.96), (after.KeyValueBytes, after.MaxSequencesAreUsers, after.CachedPromptRatio));
        Assert.Equal(16384, before.StepTokensFor(1024, 8192));
        Assert.Equal(1024 + 628, new ProtocolSettings { StepTokensBeyondInput = 628 }.StepTokensFor(1023.2, 8192));
        Assert.Null(new ProtocolSettings().StepTokensFor(1024, 8192));
    }

    [Fact]
    public void Apply_ChangesTheEngine_OnlyWhereSomethingIsSet()
    {
        EngineProfile engine = TestSystems.PlainEngine;
        Assert.Equal(engine, new ProtocolSettings().Apply(engine));

        SchedulerPolicy policy = new() { MixesPrompts = false };
        EngineProfile changed = new ProtocolSettings
        {
            KeyValueBytes = 1,
            Scheduler = policy,
            OverlapsHost = true,
            CachedPromptRatio = 0.5,
        }.Apply(engine);

        Assert.Equal((1, 1, policy, true, true), (
            changed.KeyValueBytes,
            changed.QuantisedKeyValueBytes,
            changed.Scheduler,
            changed.Costs.OverlapsHost,
            changed.CachesPrefixes));
    }
}
