using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Time and energy of a step of one serving instance: model, accelerators, engine and knobs put together; pipeline stages, speculative
/// decoding and the power cap included.
/// </summary>
/// <remarks>Pure: the same shape always costs the same. Immutable and thread-safe.</remarks>
public sealed class StepModel
{
    private readonly GpuDefinition gpu;
    private readonly StepPhysics physics;
    private readonly SpeculativeDecoding? speculative;
    private readonly int tensorParallelism;
    private readonly int stages;
    private readonly PipelineHop hop;
    private readonly ThrottledClock throttle;
    private readonly double setRatio;
    private readonly PowerBand setPower;

    /// <summary>Builds the model of a system that has been checked.</summary>
    internal StepModel(SimulatedSystem system)
    {
        Knobs knobs = system.Knobs;
        gpu = system.Gpu;
        physics = new StepPhysics(system);
        speculative = system.Engine.Speculative;
        tensorParallelism = knobs.TensorParallelism;
        stages = knobs.PipelineParallelism;
        hop = PipelineHop.For(system);
        Gpus = tensorParallelism * stages;

        double megahertz = gpu.Clock.Nearest(knobs.GpuClockMegahertz ?? gpu.Clock.HighestMegahertz);
        setRatio = megahertz / gpu.Clock.HighestMegahertz;
        setPower = PowerBand.At(gpu.Power, setRatio);
        CapWatts = Gpus * (knobs.PowerCapWatts ?? gpu.PowerCap.HighestWatts) * gpu.PowerCap.ReachedRatio;
        throttle = new ThrottledClock(gpu.Clock.LowestMegahertz / gpu.Clock.HighestMegahertz, setRatio);
    }

    /// <summary>Accelerators of the instance.</summary>
    public int Gpus { get; }

    /// <summary>Power at which all accelerators together are held back (W).</summary>
    public double CapWatts { get; }

    /// <summary>Time over which the cap holds the mean of the power (s); 0 for every step.</summary>
    public double CapWindowSeconds => gpu.PowerCap.WindowSeconds;

    /// <summary>Power of all accelerators with no process on them (W).</summary>
    public double IdleWatts => Gpus * gpu.Power.IdleWatts;

    /// <summary>Power of all accelerators with the model loaded and nothing to do (W), with its uncertainty.</summary>
    public BandedValue LoadedIdleWatts => setPower.Of(power => Gpus * power.FloorWatts);

    /// <summary>The clock that was set (MHz).</summary>
    public double ClockMegahertz => Megahertz(setRatio);

    /// <summary>A relative clock in MHz.</summary>
    public double Megahertz(double clockRatio) => clockRatio * gpu.Clock.HighestMegahertz;

    /// <summary>Time and energy of a step: at the set clock, or lower where the power cap asks for it.</summary>
    public StepCost Cost(in StepShape shape) => Cost(shape, CapWatts);

    /// <summary>The same under a cap of <paramref name="capWatts"/> for all accelerators together (W).</summary>
    public StepCost Cost(in StepShape shape, double capWatts)
    {
        StepCost cost = CostAt(shape, setRatio, setPower);
        return cost.Joules <= capWatts * cost.Seconds ? cost : ThrottledCost(shape, capWatts);
    }

    /// <summary>The same at a clock relative to the highest, whatever the cap.</summary>
    internal StepCost CostAt(in StepShape shape, double clockRatio) =>
        CostAt(shape, clockRatio, PowerBand.Central(PowerModel.At(gpu.Power, clockRatio)));

    /// <summary>The parts of a step's time at a clock relative to the highest, going through all layers once.</summary>
    public StepTimes Times(in StepShape shape, double clockRatio) => physics.Times(shape, clockRatio);

    private StepCost ThrottledCost(StepShape shape, double capWatts)
    {
        double ratio = throttle.Find(
            capWatts, candidate => CostAt(shape, candidate, PowerBand.Central(PowerModel.At(gpu.Power, candidate))).Watts, out bool missed);

        // At the cap the power is known, whatever the voltage: there is no band.
        return CostAt(shape, ratio, PowerBand.Central(PowerModel.At(gpu.Power, ratio))) with { IsThrottled = true, MissesCap = missed };
    }

    private StepCost CostAt(in StepShape shape, double ratio, in PowerBand power)
    {
        // Sequences spread over as many groups as there are stages; while one group is in a stage, another is in the next.
        int groups = Math.Min(stages, shape.Sequences);
        StepShape group = groups == 1 ? shape : shape.Part(groups);
        StepWork work = speculative is null ? physics.WorkOf(group, ratio) : Speculate(group, ratio, speculative);
        double seconds = work.Seconds + hop.Seconds(group.Tokens);
        double contextSeconds = work.ContextSeconds / groups;
        return new StepCost(
            seconds,
            Price(power.Middle, seconds, work.Work, groups),
            shape.DecodeSequences == 0
                ? Price(power.Middle, seconds, work.Work, groups)
                : Price(power.Middle, work.PrefillSeconds, work.PrefillWork, groups),
            contextSeconds,
            Price(power.Middle, contextSeconds, work.ContextWork, 1),
            ratio)
        {
            Low = power.IsPoint ? null : new EnergyBound(Price(power.Low, seconds, work.Work, groups), Price(power.Low, contextSeconds, work.ContextWork, 1)),
            High = power.IsPoint ? null : new EnergyBound(Price(power.High, seconds, work.Work, groups), Price(power.High, contextSeconds, work.ContextWork, 1)),
        };
    }

    /// <summary>Every accelerator draws its floor all the time; each group's work is done once, spread over the stages.</summary>
    private double Price(in PowerModel power, double seconds, in PowerWork work, int groups) =>
        (Gpus * power.FloorWatts * seconds) + (groups * tensorParallelism * power.Joules(0, work));

    /// <summary>One token's share of a cycle of drafting and checking; prompts are processed at their plain cost.</summary>
    private StepWork Speculate(in StepShape shape, double ratio, SpeculativeDecoding draft)
    {
        if (shape.DecodeSequences == 0)
        {
            return physics.WorkOf(shape, ratio);
        }

        StepShape plainShape = StepShape.Decode(shape.DecodeSequences, shape.ContextTokens);
        StepWork plain = physics.WorkOf(plainShape, ratio);
        StepWork check = physics.WorkOf(plainShape with { DecodeSequences = shape.DecodeSequences * (1 + draft.DraftTokens) }, ratio);
        StepWork whole = shape.PrefillTokens == 0 ? plain : physics.WorkOf(shape, ratio);
        double gain = 1 / draft.TokensPerStep;
        double drafts = gain * draft.DraftTokens * draft.DraftCostRatio;
        return whole with
        {
            Seconds = whole.Seconds - plain.Seconds + (gain * check.Seconds) + (drafts * plain.Seconds),
            ContextSeconds = (gain + drafts) * plain.ContextSeconds,
            Work = whole.Work + (-1 * plain.Work) + (gain * check.Work) + (drafts * plain.Work),
            ContextWork = (gain + drafts) * plain.ContextWork,
        };
    }
}
