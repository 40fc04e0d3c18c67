using CsCheck;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

/// <summary>Uncertainty of a step's time and energy below the highest clock and at a power cap.</summary>
public sealed class StepCostTests
{
    private static readonly StepShape Decode = StepShape.Decode(64, 64_000);

    private static readonly StepShape Prompt = StepShape.Prefill(8192, 0, completesPrompt: true);

    [Fact]
    public void Ends_AreAbsent_AtTheHighestClockBelowTheCap()
    {
        StepCost cost = TestSystems.H100().StepModel().Cost(Decode);

        Assert.False(cost.IsThrottled);
        Assert.Null(cost.Low);
        Assert.Null(cost.High);
    }

    [Fact]
    public void Ends_HoldTimeAndEnergy_AtEveryClockAndCap() =>
        Gen.Select(Gen.Int[1, 512], Gen.Int[1, 4000], Gen.Double[210, 1965], Gen.Double[200, 700]).Sample((batch, context, clock, cap) =>
        {
            Knobs knobs = new() { TensorParallelism = 8, GpuClockMegahertz = clock, PowerCapWatts = cap };
            StepCost cost = (TestSystems.H100() with { Knobs = knobs }).StepModel().Cost(StepShape.Decode(batch, (long)batch * context));

            // Ends at a cap are found to 1e-4.
            Assert.InRange(cost.Seconds, cost.Low!.Value.Seconds * (1 - 1e-3), cost.High!.Value.Seconds * (1 + 1e-3));
            Assert.InRange(cost.Joules, cost.Low!.Value.Joules * (1 - 1e-3), cost.High!.Value.Joules * (1 + 1e-3));
        });

    [Fact]
    public void High_IsASlowerStep_ByAShareOfWhatTheClockLost()
    {
        // Without a host, all of a step is the accelerators'. At half of the clock a quarter of (2 - 1) times its time is added.
        SimulatedSystem system = WithoutHost(TestSystems.H100(), maxSlowdown: 0.25, maxAvoided: 0);
        StepCost fast = system.StepModel().Cost(Decode);
        StepCost slow = (system with { Knobs = system.Knobs with { GpuClockMegahertz = 990 } }).StepModel().Cost(Decode);

        double expected = slow.Seconds + (0.25 * ((2 * fast.Seconds) - slow.Seconds));
        Assert.Equal(expected, slow.High!.Value.Seconds, 1e-9);
        Assert.Equal(slow.Seconds, slow.Low!.Value.Seconds, 1e-12);

        // The slope in the context belongs to the same line: one token more for each sequence.
        SimulatedSystem slower = system with { Knobs = system.Knobs with { GpuClockMegahertz = 990 } };
        StepCost next = slower.StepModel().Cost(StepShape.Decode(64, 64_064));
        StepBound high = slow.High!.Value;
        Assert.Equal(next.High!.Value.Seconds, high.Seconds + (64 * high.SecondsPerContextToken), 1e-9);
        Assert.Equal(next.High!.Value.Joules, high.Joules + (64 * high.JoulesPerContextToken), 1e-6);
    }

    [Fact]
    public void Low_IsAFasterPrompt_ByAShareOfItsSlowdown()
    {
        SimulatedSystem system = WithoutHost(TestSystems.H100(TestSystems.Llama31For8B, 1), maxSlowdown: 0, maxAvoided: 0.2);
        system = system with { Gpu = system.Gpu with { PowerCap = system.Gpu.PowerCap with { HighestWatts = 2000 } } };
        StepCost fast = system.StepModel().Cost(Prompt);
        StepCost slow = (system with { Knobs = system.Knobs with { GpuClockMegahertz = 990 } }).StepModel().Cost(Prompt);

        Assert.Equal(slow.Seconds - (0.2 * (slow.Seconds - fast.Seconds)), slow.Low!.Value.Seconds, 1e-9);
    }

    [Fact]
    public void Ends_AtACap_DrawTheCap_AndDifferInTime()
    {
        StepModel model = TestSystems.H100(TestSystems.Llama31For8B, 1).StepModel();
        StepCost cost = model.Cost(Prompt, capWatts: 400);

        Assert.True(cost.IsThrottled);
        Assert.True(cost.Low!.Value.Seconds < 0.995 * cost.Seconds && cost.High!.Value.Seconds > 1.005 * cost.Seconds);
    }

    private static SimulatedSystem WithoutHost(SimulatedSystem system, double maxSlowdown, double maxAvoided) => system with
    {
        Gpu = system.Gpu with
        {
            Clock = system.Gpu.Clock with { MaxSlowdownShare = maxSlowdown, MaxAvoidedShare = maxAvoided },
        },
        Engine = system.Engine with { Costs = system.Engine.Costs with { StepSeconds = 0, SequenceSeconds = 0 }, Overrides = [] },
    };
}
