using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation;

/// <summary>Models and systems for tests.</summary>
internal static class TestSystems
{
    internal static ModelDefinition Llama2For70B { get; } = new()
    {
        Name = "llama-2-70b",
        Source = "test",
        Layers = 80,
        HiddenSize = 8192,
        IntermediateSize = 28672,
        Heads = 64,
        KeyValueHeads = 8,
        HeadSize = 128,
        VocabularySize = 32000,
        ContextTokens = 1_000_000,
    };

    internal static ModelDefinition Llama31For70B { get; } = Llama2For70B with { Name = "llama-3.1-70b", VocabularySize = 128256 };

    internal static ModelDefinition Llama31For8B { get; } = new()
    {
        Name = "llama-3.1-8b",
        Source = "test",
        Layers = 32,
        HiddenSize = 4096,
        IntermediateSize = 14336,
        Heads = 32,
        KeyValueHeads = 8,
        HeadSize = 128,
        VocabularySize = 128256,
        ContextTokens = 1_000_000,
    };

    internal static ModelDefinition Mixtral { get; } = Llama31For8B with
    {
        Name = "mixtral-8x7b",
        VocabularySize = 32000,
        Experts = 8,
        ExpertsPerToken = 2,
    };

    /// <summary>
    /// An engine with few costs, so that expected numbers stay the same when a profile of the catalog is fitted anew.
    /// </summary>
    internal static EngineProfile PlainEngine { get; } = new()
    {
        Name = "plain",
        Source = "test",
        Costs = new EngineCosts { LayerSeconds = 40e-6, StepSeconds = 0, SequenceSeconds = 0, SamplingSecondsPerEntry = 0.34e-9 },
        FrontEndSeconds = 0.04,
        MaxSequences = 1024,
        StepTokens = 8192,
    };

    internal static SimulatedSystem H100(ModelDefinition? model = null, int tensorParallelism = 8, string? engine = null) => new()
    {
        Model = model ?? Llama2For70B,
        Gpu = GpuCatalog.Find("H100-80GB-SXM"),
        Engine = engine is null ? PlainEngine : EngineCatalog.Find(engine),
        Knobs = new Knobs { TensorParallelism = tensorParallelism },
    };

    /// <summary>The same system with a cache of about <paramref name="tokens"/> tokens, so that it overflows soon.</summary>
    internal static SimulatedSystem WithCache(this SimulatedSystem system, int tokens)
    {
        double weights = KeyValueMemory.WeightBytes(system.Model, system.Precision, system.TensorParallelism);
        double perToken = DecodeAttention.BytesPerContextToken(system.Model, system.TensorParallelism, 2);
        double free = system.Gpu.MemoryBytes * system.Engine.MemoryRatio;
        return system with
        {
            Engine = system.Engine with { ReservedBytes = (long)(free - weights - (perToken * (tokens + 0.5))) },
        };
    }

    /// <summary>A system that does everything in half the time, the front end included.</summary>
    internal static SimulatedSystem TwiceAsFast(SimulatedSystem system)
    {
        GpuDefinition gpu = system.Gpu;
        EngineCosts costs = system.Engine.Costs;
        return system with
        {
            Gpu = gpu with
            {
                MemoryBytesPerSecond = 2 * gpu.MemoryBytesPerSecond,
                Bf16 = gpu.Bf16 with { PeakFlopsPerSecond = 2 * gpu.Bf16.PeakFlopsPerSecond, ProductSeconds = gpu.Bf16.ProductSeconds / 2 },
                AllReduce =
                [
                    .. gpu.AllReduce.Select(rating => rating with
                    {
                        LatencySeconds = rating.LatencySeconds / 2,
                        BytesPerSecond = rating.BytesPerSecond * 2,
                    }),
                ],
            },
            Engine = system.Engine with
            {
                FrontEndSeconds = system.Engine.FrontEndSeconds / 2,
                Costs = costs with
                {
                    LayerSeconds = costs.LayerSeconds / 2,
                    StepSeconds = costs.StepSeconds / 2,
                    SequenceSeconds = costs.SequenceSeconds / 2,
                    AttentionTokenSeconds = costs.AttentionTokenSeconds / 2,
                    SamplingSecondsPerEntry = costs.SamplingSecondsPerEntry / 2,
                },
            },
        };
    }
}
