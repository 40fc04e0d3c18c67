using CsCheck;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class StepModelTests
{
    private static readonly StepShape Decode = StepShape.Decode(64, 64_000);

    private static readonly Gen<StepShape> Shapes = Gen.Select(
        Gen.Int[0, 2048], Gen.Int[0, 8000], Gen.Int[0, 512], Gen.Int[1, 8000],
        (chunk, offset, decode, context) => new StepShape(
            chunk == 0 && decode == 0 ? 1 : chunk,
            PrefillAttention.Pairs(chunk, offset),
            chunk == 0 && decode > 0 ? 0 : 1,
            chunk % 2,
            decode,
            (long)decode * context));

    [Fact]
    public void Cost_IsNeverLonger_AtAHigherClock() =>
        Gen.Select(Shapes, Gen.Double[210, 1980], Gen.Double[210, 1980], Gen.Double[200, 700]).Sample((shape, one, other, cap) =>
        {
            StepCost slow = WithKnobs(Math.Min(one, other), cap).Cost(shape);
            StepCost fast = WithKnobs(Math.Max(one, other), cap).Cost(shape);
            Assert.True(fast.Seconds <= slow.Seconds * (1 + 1e-8), $"{fast.Seconds} > {slow.Seconds}");
        });

    [Fact]
    public void Cost_IsNeverAboveTheCap_UnlessTheLowestClockIs() =>
        Gen.Select(Shapes, Gen.Double[200, 700]).Sample((shape, cap) =>
        {
            StepModel model = WithKnobs(1980, cap);
            StepCost cost = model.Cost(shape);
            Assert.True(cost.MissesCap || cost.Watts <= model.CapWatts * (1 + 1e-8), $"{cost.Watts} > {model.CapWatts}");
            Assert.Equal(cost.IsThrottled, cost.ClockRatio < 1);
        });

    [Fact]
    public void Cost_DrawsExactlyTheCap_WhenThrottled()
    {
        StepModel model = TestSystems.H100(TestSystems.Llama31For8B, 1).StepModel();
        StepCost cost = model.Cost(StepShape.Prefill(8192, 0, completesPrompt: true));

        Assert.True(cost.IsThrottled);
        Assert.Equal(model.CapWatts, cost.Watts, 1e-5);
        Assert.InRange(model.Megahertz(cost.ClockRatio), 1500, 1980);
    }

    [Fact]
    public void Cost_IsLinearInTheContext_AtOneClock() =>
        Gen.Select(Gen.Int[1, 256], Gen.Int[1, 4000], Gen.Int[1, 1000]).Sample((sequences, context, more) =>
        {
            StepModel model = WithKnobs(1980, 700);
            StepCost first = model.Cost(StepShape.Decode(sequences, (long)sequences * context));
            StepCost second = model.Cost(StepShape.Decode(sequences, (long)sequences * (context + more)));
            if (!second.IsThrottled && !first.IsThrottled)
            {
                double tokens = (double)sequences * more;
                Assert.Equal(second.Seconds, first.Seconds + (tokens * first.SecondsPerContextToken), 1e-9);
                Assert.Equal(second.Joules, first.Joules + (tokens * first.JoulesPerContextToken), 1e-6);
            }
        });

    [Fact]
    public void Cost_ChargesPrefillAPartOfTheWhole() =>
        Shapes.Sample(shape =>
        {
            StepCost cost = WithKnobs(1980, 700).Cost(shape);
            Assert.InRange(cost.PrefillJoules, 0, cost.Joules);
            Assert.Equal(shape.PrefillTokens == 0, cost.PrefillJoules == 0);
        });

    [Fact]
    public void Cost_NeverRaisesJoulesPerToken_WithALargerBatch_UntilTheCapBinds()
    {
        StepModel model = TestSystems.H100().StepModel();
        double before = double.PositiveInfinity;
        for (int batch = 1; batch <= 1024; batch++)
        {
            StepCost cost = model.Cost(StepShape.Decode(batch, batch * 1000L));
            if (cost.IsThrottled)
            {
                break;
            }

            Assert.True(cost.Joules / batch <= before * (1 + 1e-12), $"batch {batch}");
            before = cost.Joules / batch;
        }
    }

    [Fact]
    public void Cost_Halves_WhenEverySpeedDoubles()
    {
        SimulatedSystem system = TestSystems.H100();
        SimulatedSystem twice = TestSystems.TwiceAsFast(system);
        Shapes.Sample(shape =>
        {
            StepCost once = system.StepModel().Cost(shape);
            StepCost half = twice.StepModel().Cost(shape);
            Assert.Equal(once.Seconds / 2, half.Seconds, once.Seconds * 1e-9);
            Assert.Equal(once.Joules / 2, half.Joules, once.Joules * 1e-9);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Cost_WaitsForTheAttentionOfEachSequence_WhateverTheBatch(int sequences)
    {
        // 20 ns a token and layer: 1,000 tokens each in 80 layers take 1.6 ms, for one sequence as for sixteen side by side.
        SimulatedSystem split = TestSystems.H100();
        EngineCosts costs = split.Engine.Costs with { AttentionTokenSeconds = 20e-9 };
        SimulatedSystem whole = split with { Engine = split.Engine with { Costs = costs, Overrides = [] } };
        split = split with { Engine = split.Engine with { Overrides = [] } };
        StepShape shape = StepShape.Decode(sequences, 1000L * sequences);

        StepCost cost = whole.StepModel().Cost(shape);

        Assert.Equal(1.6e-3, cost.Seconds - split.StepModel().Cost(shape).Seconds, 1e-9);
        Assert.Equal(20e-9 * 80, sequences * (cost.SecondsPerContextToken - split.StepModel().Cost(shape).SecondsPerContextToken), 1e-12);
    }

    [Fact]
    public void Cost_ReadsTwiceTheBytes_In32Bits()
    {
        // One rating for both formats but a peak: a decode step of one sequence is bound by weights and cache, all of 4 bytes instead of 2.
        SimulatedSystem half = TestSystems.H100();
        half = half with { Gpu = half.Gpu with { Fp32 = half.Gpu.Bf16 with { PeakFlopsPerSecond = 67e12 } } };
        SimulatedSystem single = half with { Knobs = half.Knobs with { Precision = Precision.Fp32 } };
        ModelWeights weights = ModelWeights.Of(half.Model);
        double weightBytes = (weights.LayerWeights + weights.HeadWeights) * 2 / 8;
        double weightSeconds = weightBytes / (half.Gpu.Bf16.MemoryEfficiency * half.Gpu.MemoryBytesPerSecond);
        double cacheSeconds = 1000 * 2.0 * 80 * 1 * 128 * 2 / (half.Gpu.DecodeAttentionEfficiency * half.Gpu.MemoryBytesPerSecond);
        StepShape shape = new(0, 0, 0, 0, 1, 1000);

        double more = single.StepModel().Cost(shape).Seconds - half.StepModel().Cost(shape).Seconds;

        Assert.Equal(weightSeconds + cacheSeconds, more, 0.02 * weightSeconds);
    }

    [Fact]
    public void ClockMegahertz_IsTheNearestClockOfTheDevice() =>
        Assert.Equal(1605, WithKnobs(clock: 1600, cap: 700).ClockMegahertz, 1e-9);

    [Fact]
    public void Cost_IsThatOfHalfTheBatchThroughAllLayers_WithTwoStages()
    {
        SimulatedSystem one = TestSystems.H100(tensorParallelism: 4);
        SimulatedSystem two = one with { Knobs = one.Knobs with { PipelineParallelism = 2 } };
        StepCost half = one.StepModel().Cost(StepShape.Decode(32, 32_000));
        StepCost piped = two.StepModel().Cost(Decode);

        // A hop costs 4.3 us and 32 x 8192 x 2 bytes over 260 GB/s = 2.0 us.
        Assert.Equal(half.Seconds + 6.3e-6, piped.Seconds, 0.1e-6);

        // Twice the work, on twice the accelerators for as long.
        Assert.Equal(2 * half.Joules, piped.Joules, 0.01 * piped.Joules);
        Assert.Equal(8, two.Gpus);
    }

    [Fact]
    public void Cost_LeavesOneStageIdle_WithOneSequenceInTwoStages()
    {
        SimulatedSystem one = TestSystems.H100(tensorParallelism: 4);
        SimulatedSystem two = one with { Knobs = one.Knobs with { PipelineParallelism = 2 } };
        StepShape single = StepShape.Decode(1, 1000);
        StepCost plain = one.StepModel().Cost(single);
        StepCost piped = two.StepModel().Cost(single);

        // The same work once, and four more accelerators that draw 123 W each.
        Assert.Equal(plain.Seconds, piped.Seconds, 0.002 * plain.Seconds);
        Assert.Equal(plain.Joules + (4 * 123 * piped.Seconds), piped.Joules, 0.01 * piped.Joules);
    }

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int4)]
    public void Cost_ReadsFewerBytes_WithIntegerWeights(Precision precision)
    {
        SimulatedSystem wide = TestSystems.H100();
        SimulatedSystem narrow = wide with { Knobs = wide.Knobs with { Precision = precision } };
        StepShape single = StepShape.Decode(1, 1000);

        // Decoding reads the weights: 1 + 1/64 or 0.5 + 1/64 bytes each instead of 2, at 90 % of the bandwidth.
        double bytes = (precision == Precision.Int8 ? 1 : 0.5) + (2.0 / 128);
        double expected = wide.StepModel().Times(single, 1).LinearSeconds - LinearFloor(wide);
        double actual = narrow.StepModel().Times(single, 1).LinearSeconds - LinearFloor(narrow);
        Assert.Equal(expected * bytes / 2 / 0.9, actual, 0.001 * expected);

        // A prompt is bound by compute and no faster.
        StepShape prompt = StepShape.Prefill(8192, 0, completesPrompt: true);
        Assert.True(narrow.StepModel().Times(prompt, 1).LinearSeconds > wide.StepModel().Times(prompt, 1).LinearSeconds);

        static double LinearFloor(SimulatedSystem system) => 4 * 80 * system.Gpu.Bf16.ProductSeconds;
    }

    [Fact]
    public void Cost_DividesACheckAndItsDraftsByTheTokensGained_WithSpeculation()
    {
        SimulatedSystem plain = TestSystems.H100();
        SpeculativeDecoding draft = new() { DraftTokens = 4, AcceptanceProbability = 0.8, DraftCostRatio = 0.05 };
        SimulatedSystem faster = plain with { Engine = plain.Engine with { Speculative = draft } };
        StepShape single = StepShape.Decode(1, 1000);
        StepCost step = plain.StepModel().Cost(single);
        StepCost check = plain.StepModel().Cost(single with { DecodeSequences = 5 });
        StepCost gained = faster.StepModel().Cost(single);

        double tokens = 1 + 0.8 + 0.64 + 0.512 + 0.4096;
        Assert.Equal((check.Seconds + (4 * 0.05 * step.Seconds)) / tokens, gained.Seconds, 1e-9);
        Assert.Equal((check.Joules + (4 * 0.05 * step.Joules)) / tokens, gained.Joules, 1e-6);
        Assert.True(gained.Seconds < 0.5 * step.Seconds);
    }

    [Fact]
    public void Cost_ReadsMoreExpertsWithMoreTokens_UntilAllAreTouched()
    {
        StepModel model = TestSystems.H100(TestSystems.Mixtral, 2).StepModel();
        double one = model.Times(StepShape.Decode(1, 100), 1).LinearSeconds;
        double eight = model.Times(StepShape.Decode(8, 800), 1).LinearSeconds;
        double many = model.Times(StepShape.Decode(64, 6400), 1).LinearSeconds;

        // Experts touched: 2, then 8 x (1 - 0.75^8) = 7.2, then all 8 of them.
        ModelWeights weights = ModelWeights.Of(TestSystems.Mixtral);
        double products = 4 * 32 * 3.9e-6;
        Assert.Equal(weights.TouchedWeights(8) / weights.TouchedWeights(1), (eight - products) / (one - products), 0.01);
        Assert.Equal(weights.LayerWeights / weights.TouchedWeights(1), (many - products) / (one - products), 0.1);
    }

    private static StepModel WithKnobs(double clock, double cap)
    {
        Knobs knobs = new() { TensorParallelism = 8, GpuClockMegahertz = clock, PowerCapWatts = cap };
        return (TestSystems.H100() with { Knobs = knobs }).StepModel();
    }
}
