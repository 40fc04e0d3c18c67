using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Time and energy of a step of one serving instance, from its model, accelerators, engine and knobs. Pipeline stages, speculative decoding
/// and the power cap are included.
/// </summary>
/// <remarks>
/// The same shape always costs the same. The type is immutable and thread-safe. <see cref="SimulatedSystem.StepModel"/> makes one.
/// </remarks>
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
        System = system;
        gpu = system.Gpu;
        physics = new StepPhysics(system);
        speculative = system.Engine.Speculative;
        tensorParallelism = system.TensorParallelism;
        stages = system.PipelineParallelism;
        hop = PipelineHop.For(system);
        Gpus = tensorParallelism * stages;

        double megahertz = gpu.Clock.NearestMegahertz(knobs.GpuClockMegahertz ?? gpu.Clock.HighestMegahertz);
        setRatio = megahertz / gpu.Clock.HighestMegahertz;
        setPower = PowerBand.At(gpu.Power, setRatio);
        CapWatts = Gpus * (knobs.PowerCapWatts ?? gpu.PowerCap.HighestWatts) * gpu.PowerCap.ReachedRatio;
        throttle = new ThrottledClock(gpu.Clock.LowestMegahertz / gpu.Clock.HighestMegahertz, setRatio);
    }

    /// <summary>The system whose steps these are.</summary>
    internal SimulatedSystem System { get; }

    /// <summary>Number of accelerators of the instance.</summary>
    public int Gpus { get; }

    /// <summary>Power that the cap allows all accelerators together, in watts.</summary>
    public double CapWatts { get; }

    /// <summary>Time over which the cap limits the mean of the power, in seconds; 0 where it limits every step.</summary>
    public double CapWindowSeconds => gpu.PowerCap.WindowSeconds;

    /// <summary>Power of all accelerators with no process on them, in watts.</summary>
    public double IdleWatts => Gpus * gpu.Power.IdleWatts;

    /// <summary>Power of all accelerators with the model loaded and nothing to do, in watts, with its uncertainty.</summary>
    public BandedValue LoadedIdleWatts => setPower.Of(power => Gpus * power.FloorWatts);

    /// <summary>The clock that is set, in megahertz.</summary>
    public double ClockMegahertz => Megahertz(setRatio);

    /// <summary>Converts a clock relative to the highest clock to megahertz.</summary>
    public double Megahertz(double clockRatio) => clockRatio * gpu.Clock.HighestMegahertz;

    /// <summary>Time and energy of a step at the set clock, or at a lower clock where the power cap requires it.</summary>
    /// <param name="shape">What the step works on.</param>
    public StepCost Cost(in StepShape shape) => Cost(shape, CapWatts);

    /// <summary>Time and energy of a step under another power cap.</summary>
    /// <param name="shape">What the step works on.</param>
    /// <param name="capWatts">The cap for all accelerators together, in watts.</param>
    public StepCost Cost(in StepShape shape, double capWatts)
    {
        StepWork work = WorkAt(shape, setRatio);
        StepCost cost = CostOf(shape, work, setRatio, setPower.Middle);
        if (cost.Joules > capWatts * cost.Seconds)
        {
            return ThrottledCost(shape, capWatts);
        }

        if (setRatio == 1)
        {
            return cost;
        }

        StepWork fastest = WorkAt(shape, 1);
        int groups = GroupsOf(shape);
        return cost with
        {
            Low = LowOf(work, fastest, groups, setPower.Low),
            High = HighOf(work, fastest, groups, setRatio, setPower.High),
        };
    }

    /// <summary>Time and energy of a step at a clock relative to the highest clock, whatever the power cap.</summary>
    internal StepCost CostAt(in StepShape shape, double clockRatio) =>
        CostAt(shape, clockRatio, PowerModel.At(gpu.Power, clockRatio));

    /// <summary>The parts of the time that a step takes to pass through all layers once.</summary>
    /// <param name="shape">What the step works on.</param>
    /// <param name="clockRatio">Clock relative to the highest clock, in (0, 1].</param>
    public StepTimes Times(in StepShape shape, double clockRatio) => physics.Times(shape, clockRatio);

    private StepCost ThrottledCost(StepShape shape, double capWatts)
    {
        double ratio = throttle.FindClockRatio(capWatts, candidate => CostAt(shape, candidate).Watts, out bool missed);

        // The power at the cap is known, but the clock that reaches it depends on the voltage.
        VoltageCurve low = gpu.Power.VoltageMaxSaving;
        VoltageCurve high = gpu.Power.VoltageMinSaving;
        double lowRatio = Math.Max(ratio, RatioAtCap(low));
        double highRatio = Math.Min(ratio, RatioAtCap(high));
        StepWork fastest = WorkAt(shape, 1);
        int groups = GroupsOf(shape);
        return CostAt(shape, ratio) with
        {
            IsThrottled = true,
            MissesCap = missed,
            Low = LowOf(WorkAt(shape, lowRatio), fastest, groups, PowerModel.At(gpu.Power, low, lowRatio)),
            High = HighOf(WorkAt(shape, highRatio), fastest, groups, highRatio, PowerModel.At(gpu.Power, high, highRatio)),
        };

        double RatioAtCap(VoltageCurve curve) => throttle.FindClockRatio(
            capWatts,
            candidate => CostAt(shape, candidate, PowerModel.At(gpu.Power, curve, candidate)).Watts,
            out _,
            ThrottledClock.RoughToleranceRatio);
    }

    private StepCost CostAt(in StepShape shape, double ratio, in PowerModel power) =>
        CostOf(shape, WorkAt(shape, ratio), ratio, power);

    private StepCost CostOf(in StepShape shape, in StepWork work, double ratio, in PowerModel power)
    {
        int groups = GroupsOf(shape);
        double contextSeconds = work.ContextSeconds / groups;
        double joules = Joules(power, work.Seconds, work.Work, groups);
        double prefillJoules = shape.DecodeSequences == 0 ? joules : Joules(power, work.PrefillSeconds, work.PrefillWork, groups);
        return new StepCost(
            work.Seconds, joules, prefillJoules, contextSeconds, Joules(power, contextSeconds, work.ContextWork, 1), ratio);
    }

    /// <summary>The lower ends of time and energy: a part of the slowdown that is expected of the lower clock does not come.</summary>
    private StepBound LowOf(in StepWork work, in StepWork fastest, int groups, in PowerModel power)
    {
        double share = gpu.Clock.MaxAvoidedShare;
        return BoundOf(work, fastest, groups, power, (now, least) => now - (share * (now - least)));
    }

    /// <summary>The upper ends of time and energy: a part of the accelerator's time grows in inverse proportion to the clock.</summary>
    private StepBound HighOf(in StepWork work, in StepWork fastest, int groups, double ratio, in PowerModel power)
    {
        double share = gpu.Clock.MaxSlowdownShare;
        return BoundOf(work, fastest, groups, power, (now, least) => now + (share * ((least / ratio) - now)));
    }

    /// <summary>Time and energy with another time on the accelerator, which follows from that at this clock and at the highest.</summary>
    private StepBound BoundOf(
        in StepWork work, in StepWork fastest, int groups, in PowerModel power, Func<double, double, double> secondsOf)
    {
        double seconds = work.HostSeconds + secondsOf(work.Seconds - work.HostSeconds, fastest.Seconds - fastest.HostSeconds);
        double contextSeconds = secondsOf(work.ContextSeconds, fastest.ContextSeconds) / groups;
        return new StepBound(
            seconds,
            Joules(power, seconds, work.Work, groups),
            contextSeconds,
            Joules(power, contextSeconds, work.ContextWork, 1));
    }

    /// <summary>
    /// Number of groups that the sequences are spread over: as many as there are stages, so that while one group is in a stage, another is
    /// in the next.
    /// </summary>
    private int GroupsOf(in StepShape shape) => Math.Min(stages, shape.Sequences);

    /// <summary>Time of a step and the work of one of its groups.</summary>
    private StepWork WorkAt(in StepShape shape, double ratio)
    {
        int groups = GroupsOf(shape);
        StepShape group = groups == 1 ? shape : shape.Part(groups);
        StepWork work = speculative is null ? physics.WorkOf(group, ratio) : Speculate(group, ratio, speculative);
        return work with { Seconds = work.Seconds + hop.Seconds(group.Tokens) };
    }

    /// <summary>
    /// Energy of all accelerators, in joules. Each of them always draws its floor. The work of each group is done once, spread over the
    /// stages, of which as many are busy as there are groups.
    /// </summary>
    private double Joules(in PowerModel power, double seconds, in PowerWork work, int groups) =>
        (Gpus * power.FloorWatts * seconds) + (groups * tensorParallelism * ((power.BusyWatts * seconds) + power.Joules(work)));

    /// <summary>The share that one token has of a cycle of drafting and checking. Prompts are processed without drafts.</summary>
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
            HostSeconds = whole.HostSeconds - plain.HostSeconds + (gain * check.HostSeconds) + (drafts * plain.HostSeconds),
            ContextSeconds = (gain + drafts) * plain.ContextSeconds,
            Work = whole.Work + (-1 * plain.Work) + (gain * check.Work) + (drafts * plain.Work),
            ContextWork = (gain + drafts) * plain.ContextWork,
        };
    }
}
