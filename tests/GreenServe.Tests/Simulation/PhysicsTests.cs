using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation;

/// <summary>Each term of a step against a number worked out by hand.</summary>
public sealed class PhysicsTests
{
    private static readonly ModelWeights Llama = ModelWeights.Of(TestSystems.Llama2For70B);

    [Fact]
    public void SoftMaximum_IsTheCubeRootOfTheSumOfCubes()
    {
        Assert.Equal(0, SoftMaximum.Of(0, 0));
        Assert.Equal(5, SoftMaximum.Of(5, 0), 1e-15);
        for (double ratio = 0; ratio <= 1; ratio += 0.01)
        {
            double expected = 7 * Math.Cbrt(1 + (ratio * ratio * ratio));
            Assert.Equal(expected, SoftMaximum.Of(7, 7 * ratio), 2e-15 * expected);
            Assert.Equal(SoftMaximum.Of(7, 7 * ratio), SoftMaximum.Of(7 * ratio, 7));
        }
    }

    [Fact]
    public void Of_CountsTheWeightsOfLlama2For70B()
    {
        // A layer: queries and output 2 x 8192 x 8192, keys and values 2 x 8192 x 1024, three matrices of 8192 x 28672.
        double layer = (2.0 * 8192 * 8192) + (2.0 * 8192 * 1024) + (3.0 * 8192 * 28672);
        Assert.Equal(80 * layer, Llama.AllLayers);
        Assert.Equal(32000.0 * 8192, Llama.Head);
        Assert.Equal(68.97e9, Llama.Total, 0.02e9);
        Assert.Equal(Llama.AllLayers, Llama.PerToken);
        Assert.Equal(Llama.AllLayers, Llama.Touched(1));
    }

    [Fact]
    public void Touched_GrowsFromTheExpertsOfOneTokenToAll()
    {
        ModelWeights mixtral = ModelWeights.Of(TestSystems.Mixtral);

        Assert.Equal(mixtral.PerToken, mixtral.Touched(1), 1);

        // Two tokens, each through 2 of 8: 8 x (1 - (6/8)^2) = 3.5 experts.
        Assert.Equal(mixtral.Dense + (3.5 * mixtral.PerExpert), mixtral.Touched(2), 1);
        Assert.Equal(mixtral.AllLayers, mixtral.Touched(512), mixtral.AllLayers * 1e-9);
        Assert.Equal(46.7e9, mixtral.Total, 0.2e9);
        Assert.Equal(12.9e9, mixtral.PerToken + mixtral.Head + mixtral.Embedding, 0.2e9);
    }

    [Fact]
    public void LinearLayers_AreBoundByTheWeights_ForOneToken()
    {
        // 68.45e9 weights x 2 bytes / 8 GPUs = 17.11 GB; at 87 % of 3.35 TB/s that is 5.87 ms. Two FLOP a weight take 0.021 ms.
        double bytes = LinearLayers.Bytes(Llama, 1, 2, 8);
        double flops = LinearLayers.Flops(Llama, 1, 8);
        Assert.Equal(17.11e9, bytes, 0.01e9);
        Assert.Equal(17.11e9, flops, 0.01e9);
        Assert.Equal(5.87e-3, LinearLayers.Seconds(flops, bytes, 0.81 * 989e12, 0.87 * 3.35e12), 0.01e-3);
    }

    [Fact]
    public void LinearLayers_AreBoundByCompute_ForAPrompt()
    {
        // 2 x 68.45e9 x 4096 / 8 = 70.1 TFLOP; at 81 % of 989 TFLOP/s that is 87.5 ms, and the weights' 5.87 ms hardly show.
        double seconds = LinearLayers.Seconds(LinearLayers.Flops(Llama, 4096, 8), LinearLayers.Bytes(Llama, 4096, 2, 8), 0.81 * 989e12, 0.87 * 3.35e12);
        Assert.Equal(87.5e-3, seconds, 0.1e-3);
    }

    [Fact]
    public void OutputHead_ReadsItsWeightsOnce_WhenAnyRowIsSampled()
    {
        // 32000 x 8192 weights: 524 MB in 16 bits.
        Assert.Equal(0, OutputHead.Bytes(Llama, 0, 1));
        Assert.Equal(524.288e6, OutputHead.Bytes(Llama, 1, 1));
        Assert.Equal(OutputHead.Bytes(Llama, 1, 1), OutputHead.Bytes(Llama, 64, 1));
        Assert.Equal(64 * 524.288e6, OutputHead.Flops(Llama, 64, 1));
    }

    [Fact]
    public void DecodeAttention_ReadsKeysAndValuesOfWholeHeads()
    {
        // One of 8 key-value heads on each of 8 GPUs: 2 x 1 x 128 x 2 bytes x 80 layers = 40,960 bytes a token; on 16 GPUs no less.
        Assert.Equal(40960, DecodeAttention.BytesPerContextToken(TestSystems.Llama2For70B, 8, 2));
        Assert.Equal(40960, DecodeAttention.BytesPerContextToken(TestSystems.Llama2For70B, 16, 2));
        Assert.Equal(81920, DecodeAttention.BytesPerContextToken(TestSystems.Llama2For70B, 4, 2));

        // 100,000 tokens: 4.096 GB at 76 % of 3.35 TB/s: 1.609 ms.
        Assert.Equal(1.609e-3, DecodeAttention.Seconds(100_000, 40960, 0.76 * 3.35e12), 0.001e-3);
    }

    [Fact]
    public void PrefillAttention_CountsEachPairOnce()
    {
        Assert.Equal(8_388_608, PrefillAttention.Pairs(4096, 0));

        // A prompt in two chunks has the same pairs as in one.
        Assert.Equal(PrefillAttention.Pairs(4096, 0), PrefillAttention.Pairs(1000, 0) + PrefillAttention.Pairs(3096, 1000));

        // 4 x 64 heads x 128 x 80 layers / 8 = 327,680 FLOP a pair; at 58 % of 989 TFLOP/s the prompt takes 4.79 ms.
        double flops = PrefillAttention.FlopsPerPair(TestSystems.Llama2For70B, 8);
        Assert.Equal(327_680, flops);
        Assert.Equal(4.79e-3, PrefillAttention.Seconds(8_388_608, flops, 0.58 * 989e12), 0.01e-3);
    }

    [Fact]
    public void AllReduce_CostsLatencyTwiceALayer_AndBytesOverTheLink()
    {
        AllReduceRating rating = new() { Gpus = 8, LatencySeconds = 5.4e-6, BytesPerSecond = 345e9 };
        AllReduce cost = AllReduce.For(TestSystems.Llama2For70B, 8, rating);

        // 160 x 5.4 us = 0.864 ms; each token 160 x (14/8) x 8192 x 2 bytes / 345 GB/s = 13.30 us.
        Assert.Equal(0.864e-3, cost.Seconds(0), 1e-9);
        Assert.Equal(13.30e-6, cost.Seconds(1) - cost.Seconds(0), 0.01e-6);
        Assert.Equal(0, AllReduce.For(TestSystems.Llama2For70B, 1, rating).Seconds(1000));
    }

    [Fact]
    public void SmallKernels_CostTimeALayer_AndActivationBytes()
    {
        SmallKernels cost = SmallKernels.For(TestSystems.Llama2For70B, 57e-6, 3.35e12);

        // 80 x 57 us = 4.56 ms; each token 10 x 80 x 8192 bytes at 70 % of 3.35 TB/s = 2.795 us.
        Assert.Equal(4.56e-3, cost.Seconds(0), 1e-9);
        Assert.Equal(2.795e-6, cost.Seconds(1) - cost.Seconds(0), 0.001e-6);
    }

    [Fact]
    public void HostWork_CountsSequencesAndSamplesByVocabulary()
    {
        EngineCosts costs = new() { LayerSeconds = 0, StepSeconds = 1e-3, SequenceSeconds = 11e-6, SamplingSecondsPerEntry = 0.36e-9 };
        HostWork work = HostWork.For(costs, TestSystems.Llama31For70B);

        Assert.Equal(1.11e-3, work.Seconds(10), 1e-12);
        Assert.Equal(46.17e-6, work.SamplingSeconds, 0.01e-6);
    }

    [Fact]
    public void PowerModel_AddsFloorMemoryComputeAndSampling_AtTheHighestClock()
    {
        PowerModel power = PowerModel.At(GpuCatalog.Find("H100-80GB-SXM").Power, 1);

        // Floor 75 + 51 = 126 W. One second with memory 50 % busy, tensor units 30 % busy, 10 % of it sampling.
        Assert.Equal(126, power.FloorWatts);
        Assert.Equal(126 + (0.5 * power.MemoryWatts) + (0.3 * power.ComputeWatts) + (0.1 * power.SamplingWatts), power.Joules(1, new PowerWork(0.5, 0.3, 0.1)), 1e-9);
    }

    [Fact]
    public void PowerModel_FallsWithTheVoltageSquared_BelowTheKnee()
    {
        PowerConstants constants = new()
        {
            IdleWatts = 75,
            ClockedWatts = 50,
            MemoryWatts = 400,
            ComputeWatts = 900,
            SamplingWatts = 300,
            OneRowDiscount = 0.1,
            Voltage = new VoltageCurve { Floor = 0.8, Knee = 0.7, MemoryShare = 0.6 },
            VoltageMinSaving = new VoltageCurve { Floor = 0.9, Knee = 0.6, MemoryShare = 0.5 },
            VoltageMaxSaving = new VoltageCurve { Floor = 0.7, Knee = 0.8, MemoryShare = 0.7 },
        };

        PowerModel power = PowerModel.At(constants, 0.5);

        // v² = 0.64: floor 75 + 50 x 0.5 x 0.64; memory 400 x (0.4 + 0.6 x 0.64).
        Assert.Equal(91, power.FloorWatts, 1e-9);
        Assert.Equal(313.6, power.MemoryWatts, 1e-9);
        Assert.Equal(576, power.ComputeWatts, 1e-9);
        Assert.Equal(192, power.SamplingWatts, 1e-9);

        // Reading weights for one row costs a tenth less, for 16 rows a twentieth.
        Assert.Equal(0.9, PowerModel.WeightReadShare(constants, 1), 1e-12);
        Assert.Equal(0.95, PowerModel.WeightReadShare(constants, 16), 1e-12);

        // Half-way from the knee to the highest clock the voltage is half-way too.
        Assert.Equal(0.9, constants.Voltage.At(0.85), 1e-12);
        Assert.Equal(1, constants.Voltage.At(1), 1e-12);
    }

    [Fact]
    public void KeyValueMemory_HoldsWhatIsKnownOfLlamaFor70BOnFourH100()
    {
        // 0.9 x 80 GiB - 70.55e9 x 2 / 4 - 3 GB = 39.03 GB of 81,920 bytes a token.
        Assert.Equal(476_000, TestSystems.H100(TestSystems.Llama31For70B, 4).Limits.CapacityTokens, 1_000.0);
    }

    [Fact]
    public void Check_SaysHowLargeTheModelIs_WhenItDoesNotFit()
    {
        GreenServe.Records.Problem problem = Assert.Single(TestSystems.H100(tensorParallelism: 1).Check());
        Assert.Contains("138.0 GB", $"{problem}", StringComparison.Ordinal);
        Assert.Contains("77.3 GB", $"{problem}", StringComparison.Ordinal);
    }
}
