using System.Globalization;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Physics;

/// <summary>Work of a step against decode loops that were measured without a server on an H200, from one row (a GEMV) to 64.</summary>
public sealed class StepPhysicsTests
{
    [Fact]
    public void WorkOf_DrawsTheMeasuredPower_FromOneRowTo64()
    {
        string path = Repository.PathOf("paper-artifacts", "measured", "bare-loop", "llama-2-7b.csv");
        SimulatedSystem system = new()
        {
            Model = ModelCatalog.Read("llama-2-7b"),
            Gpu = GpuCatalog.Find("H200"),
            GpuCount = 1,
            Engine = EngineCatalog.Find("greenserve"),
            Knobs = new Knobs(),
        };
        StepPhysics physics = new(system);
        PowerModel power = PowerModel.At(system.Gpu.Power, 1);
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Where(cells => cells[0] == "decode")];

        Assert.True(rows.Length >= 7);
        foreach (string[] cells in rows)
        {
            double[] numbers = [.. cells[2..6].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            (int batch, long context, double seconds, double watts) = ((int)numbers[0], (long)numbers[1], numbers[2] / 1e3, numbers[3]);

            double predicted = power.Joules(seconds, physics.WorkOf(StepShape.Decode(batch, batch * context), 1).Work) / seconds;

            string point = $"batch {batch}, context {context}: {predicted:F0} W, measured {watts:F0} W";
            Assert.True(Math.Abs((predicted / watts) - 1) < 0.03, point);
        }
    }

    [Fact]
    public void Times_TakeALayerTimeOfTheirOwn_AboveTheRecordedSequences()
    {
        StepPhysics physics = With(costs => costs with { LayerSeconds = 204e-6, RecordedSequences = 256, UnrecordedLayerSeconds = 605e-6 });
        double Fixed(int sequences) => physics.Times(StepShape.Decode(sequences, sequences), 1).SmallKernelSeconds
            - (sequences * 10.0 * 80 * 8192 / (0.7 * 3.35e12));

        // 80 layers of 204 us, or of 605 us.
        Assert.Equal(16.32e-3, Fixed(256), 1e-9);
        Assert.Equal(48.4e-3, Fixed(257), 1e-9);
    }

    [Fact]
    public void Times_DivideTheWorkOfExpertsByTheirShare_AndAddALayerTime()
    {
        ExpertCosts experts = new() { EfficiencyShare = 0.5, LayerSeconds = 42e-6 };
        StepPhysics plain = With(costs => costs, TestSystems.Mixtral);
        StepPhysics slower = With(costs => costs with { Experts = experts }, TestSystems.Mixtral);
        ModelWeights weights = ModelWeights.Of(TestSystems.Mixtral);
        double products = 4 * 32 * 3.9e-6;
        StepShape shape = StepShape.Decode(1, 1);

        // Bound by bandwidth: twice the time for the two experts of eight that one token touches, and the same time for the rest.
        double expected = (weights.DenseWeights + (2 * 2 * weights.WeightsPerExpert)) / weights.WeightsPerToken;
        double ratio = (slower.Times(shape, 1).LinearSeconds - products) / (plain.Times(shape, 1).LinearSeconds - products);
        Assert.Equal(expected, ratio, 1e-4);
        Assert.Equal(32 * 42e-6, slower.Times(shape, 1).SmallKernelSeconds - plain.Times(shape, 1).SmallKernelSeconds, 1e-12);

        // It takes longer, and is no more work.
        Assert.Equal(plain.WorkOf(shape, 1).Work, slower.WorkOf(shape, 1).Work);
    }

    [Fact]
    public void Times_OfADenseModel_DoNotDependOnExperts()
    {
        StepShape shape = StepShape.Decode(64, 64_000);
        ExpertCosts experts = new() { EfficiencyShare = 0.5, LayerSeconds = 42e-6, ChoiceExponent = 0.75 };
        Assert.Equal(With(costs => costs).Times(shape, 1), With(costs => costs with { Experts = experts }).Times(shape, 1));
    }

    [Fact]
    public void WorkOf_ChargesThePromptStepToThePrompt()
    {
        StepPhysics plain = With(costs => costs);
        StepPhysics slower = With(costs => costs with { PromptStepSeconds = 8.3e-3 });
        StepShape mixed = StepShape.Prefill(512, 0, completesPrompt: true) with { DecodeSequences = 15, ContextTokens = 15_000 };

        // The whole 8.3 ms, and not a sixteenth for one sequence of sixteen.
        Assert.Equal(8.3e-3, slower.WorkOf(mixed, 1).PrefillSeconds - plain.WorkOf(mixed, 1).PrefillSeconds, 1e-12);
        Assert.Equal(8.3e-3, slower.WorkOf(mixed, 1).Seconds - plain.WorkOf(mixed, 1).Seconds, 1e-12);
    }

    [Fact]
    public void Times_ReadNineBitsForTwoWeights_In4BitFloats()
    {
        StepShape shape = StepShape.Decode(1, 1);
        StepPhysics wide = Quantised("B200", Precision.Bf16, TestSystems.Llama31For8B);
        StepPhysics narrow = Quantised("B200", Precision.Fp4, TestSystems.Llama31For8B);

        // Bound by bandwidth: half a byte and a sixteenth for the scale, instead of two bytes; 0.50 of the bandwidth instead of 0.80.
        double expected = 0.5625 / 2 * (0.80 / 0.50);
        double narrowSeconds = narrow.Times(shape, 1).LinearSeconds - (4 * 32 * 8.0e-6);
        double wideSeconds = wide.Times(shape, 1).LinearSeconds - (4 * 32 * 4.1e-6);
        Assert.Equal(expected, narrowSeconds / wideSeconds, 1e-3);
    }

    [Fact]
    public void Times_MultiplyUnpackedWeights_WhereAGpuHasNoUnitsForThem()
    {
        StepShape prompt = StepShape.Prefill(8192, 0, completesPrompt: true);
        double wide = Quantised("H100", Precision.Bf16, TestSystems.Llama31For8B).Times(prompt, 1).LinearSeconds - (4 * 32 * 3.9e-6);
        double narrow = Quantised("H100", Precision.Fp4, TestSystems.Llama31For8B).Times(prompt, 1).LinearSeconds - (4 * 32 * 3.9e-6);

        // A prompt is bound by compute: 85 % of the 16-bit speed.
        Assert.Equal(1 / 0.85, narrow / wide, 1e-3);
    }

    [Fact]
    public void WorkOf_KeepsWeightsOutsideTheExpertsWide_WhereAModelQuantisesExpertsAlone()
    {
        ModelDefinition experts = TestSystems.Mixtral with { QuantisesExpertsAlone = true };
        ModelWeights weights = ModelWeights.Of(experts);
        StepShape shape = StepShape.Decode(1, 0);
        GpuDefinition gpu = GpuCatalog.Find("B200");

        // Attention and router: 2 bytes each; the two experts of a token: 0.5625 bytes each; the head: 2 bytes.
        double bytes = (2 * weights.DenseWeights) + (0.5625 * 2 * weights.WeightsPerExpert) + (2 * weights.HeadWeights);
        Assert.Equal(bytes / gpu.MemoryBytesPerSecond, Quantised("B200", Precision.Fp4, experts).WorkOf(shape, 1).Work.MemorySeconds, 1e-9);

        double memory = (2 * weights.DenseWeights / 0.80) + (0.5625 * 2 * weights.WeightsPerExpert / 0.50);
        double linear = Quantised("B200", Precision.Fp4, experts).Times(shape, 1).LinearSeconds - (4 * 32 * 8.0e-6);
        Assert.Equal(memory / gpu.MemoryBytesPerSecond, linear, 1e-3 * linear);
        Assert.Equal(
            (2 * weights.DenseWeights) + (0.5625 * 8 * weights.WeightsPerExpert) + (2 * (weights.HeadWeights + weights.EmbeddingWeights)),
            KeyValueMemory.WeightBytes(experts, Precision.Fp4, 1),
            1);
    }

    [Fact]
    public void WorkOf_CountsTheComputePowerOfAFormat()
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, tensorParallelism: 1);
        system = system with { Knobs = system.Knobs with { Precision = Precision.Fp8 } };
        StepShape shape = StepShape.Prefill(1024, 0, completesPrompt: false);
        double Compute(double ratio) => new StepPhysics(
            system with { Gpu = system.Gpu with { Fp8 = system.Gpu.Fp8! with { ComputePowerRatio = ratio } } })
            .WorkOf(shape, 1).Work.ComputeSeconds;

        // Twice the power for the products with the layers' weights, and the same for attention in 16 bits.
        double linear = 2 * ModelWeights.Of(system.Model).LayerWeights * 1024 / 1978e12;
        Assert.Equal(linear, Compute(2) - Compute(1), 1e-9 * linear);
    }

    [Fact]
    public void Times_OfAPrompt_FallNoFurther_AboveTheClockOfFullCompute()
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, tensorParallelism: 1);
        StepPhysics physics = new(system with { Gpu = system.Gpu with { Clock = system.Gpu.Clock with { FullComputeRatio = 0.8 } } });
        StepShape prompt = StepShape.Prefill(8192, 0, completesPrompt: true);
        double products = 4 * 32 * 3.9e-6;

        double full = physics.Times(prompt, 1).LinearSeconds - products;
        Assert.Equal(full, physics.Times(prompt, 0.8).LinearSeconds - products, 1e-12);

        // Half of that clock takes twice as long: the prompt is bound by compute.
        Assert.Equal(2, (physics.Times(prompt, 0.4).LinearSeconds - products) / full, 1e-3);
    }

    private static StepPhysics Quantised(string gpu, Precision precision, ModelDefinition model) => new(new SimulatedSystem
    {
        Model = model,
        Gpu = GpuCatalog.Find(gpu),
        Engine = TestSystems.PlainEngine,
        Knobs = new Knobs { Precision = precision },
    });

    private static StepPhysics With(Func<EngineCosts, EngineCosts> change, ModelDefinition? model = null)
    {
        SimulatedSystem system = TestSystems.H100(model, tensorParallelism: 1);
        return new StepPhysics(system with { Engine = system.Engine with { Costs = change(system.Engine.Costs) } });
    }
}
