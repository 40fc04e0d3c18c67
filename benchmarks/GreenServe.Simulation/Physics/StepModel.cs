using GreenServe.Records.Runs;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>Time and energy of a step of one serving instance: model, accelerators, engine and knobs put together.</summary>
/// <remarks>Pure: the same shape always costs the same. Immutable and thread-safe.</remarks>
public sealed class StepModel
{
    private readonly GpuDefinition gpu;
    private readonly ModelWeights weights;
    private readonly PrecisionRating rating;
    private readonly int tensorParallelism;
    private readonly double bytesPerWeight;
    private readonly double contextBytes;
    private readonly double attentionFlops;
    private readonly AllReduce allReduce;
    private readonly SmallKernels smallKernels;
    private readonly EngineCosts costs;
    private readonly HostWork host;
    private readonly double productSeconds;
    private readonly ThrottledClock throttle;
    private readonly double setRatio;
    private readonly PowerModel setPower;

    /// <summary>Builds the model of a system that has been checked.</summary>
    internal StepModel(SimulatedSystem system)
    {
        Knobs knobs = system.Knobs;
        costs = system.EngineHere.Costs;
        gpu = system.Gpu;
        weights = ModelWeights.Of(system.Model);
        rating = gpu.Rating(knobs.Precision)!;
        tensorParallelism = knobs.TensorParallelism;
        bytesPerWeight = WeightFormat.BytesPerWeight(knobs.Precision);
        contextBytes = Physics.DecodeAttention.BytesPerContextToken(system.Model, tensorParallelism, system.KeyValueBytes);
        attentionFlops = Physics.DecodeAttention.FlopsPerContextToken(system.Model, tensorParallelism);
        allReduce = AllReduce.For(system.Model, tensorParallelism, gpu.AllReduce.FirstOrDefault(entry => entry.Gpus >= tensorParallelism));
        smallKernels = SmallKernels.For(system.Model, costs.LayerSeconds, gpu.MemoryBytesPerSecond);
        host = HostWork.For(costs, system.Model);
        productSeconds = LinearLayers.ProductsPerLayer * system.Model.Layers * (system.Engine.FusesQuantisation ? gpu.Bf16 : rating).ProductSeconds;

        double megahertz = gpu.Clock.Nearest(knobs.GpuClockMegahertz ?? gpu.Clock.HighestMegahertz);
        setRatio = megahertz / gpu.Clock.HighestMegahertz;
        setPower = PowerModel.At(gpu.Power, setRatio);
        CapWatts = tensorParallelism * (knobs.PowerCapWatts ?? gpu.PowerCap.HighestWatts) * gpu.PowerCap.ReachedRatio;
        throttle = new ThrottledClock(gpu.Clock.LowestMegahertz / gpu.Clock.HighestMegahertz, setRatio, CapWatts);
    }

    /// <summary>Power at which all accelerators together are held back (W).</summary>
    public double CapWatts { get; }

    /// <summary>Power of all accelerators with no process on them (W).</summary>
    public double IdleWatts => tensorParallelism * gpu.Power.IdleWatts;

    /// <summary>Power of all accelerators with the model loaded and nothing to do (W).</summary>
    public double LoadedIdleWatts => tensorParallelism * setPower.FloorWatts;

    /// <summary>The clock that was set (MHz).</summary>
    public double ClockMegahertz => Megahertz(setRatio);

    /// <summary>A relative clock in MHz.</summary>
    public double Megahertz(double clockRatio) => clockRatio * gpu.Clock.HighestMegahertz;

    /// <summary>Time and energy of a step: at the set clock, or lower where the power cap asks for it.</summary>
    public StepCost Cost(in StepShape shape)
    {
        StepCost cost = CostAt(shape, setRatio, setPower);
        return cost.Joules <= CapWatts * cost.Seconds ? cost : ThrottledCost(shape);
    }

    private StepCost ThrottledCost(StepShape captured)
    {
        double ratio = throttle.Find(candidate => CostAt(captured, candidate, PowerModel.At(gpu.Power, candidate)).Watts, out bool missed);
        return CostAt(captured, ratio, PowerModel.At(gpu.Power, ratio)) with { IsThrottled = true, MissesCap = missed };
    }

    /// <summary>The parts of a step's time at a clock relative to the highest; the power cap is left out.</summary>
    public StepTimes Times(in StepShape shape, double clockRatio)
    {
        double bandwidth = gpu.MemoryBytesPerSecond * Math.Min(1, clockRatio / gpu.Clock.FullBandwidthRatio);
        double tensorRate = rating.PeakFlopsPerSecond * clockRatio;
        double wideRate = gpu.Bf16.PeakFlopsPerSecond * clockRatio;
        StepTimes times = new(
            Linear: productSeconds + LinearLayers.Seconds(
                LinearFlops(shape), LinearBytes(shape), costs.ComputeShare * rating.ComputeEfficiency * tensorRate, rating.MemoryEfficiency * bandwidth),
            Head: (shape.Rows == 0 ? 0 : gpu.Bf16.ProductSeconds) + LinearLayers.Seconds(
                HeadFlops(shape), HeadBytes(shape), costs.ComputeShare * gpu.Bf16.ComputeEfficiency * wideRate, gpu.Bf16.MemoryEfficiency * bandwidth),
            DecodeAttention: shape.ContextTokens * SecondsPerContextToken(bandwidth),
            PrefillAttention: Physics.PrefillAttention.Seconds(
                shape.PrefillPairs, attentionFlops, costs.ComputeShare * gpu.PrefillAttentionEfficiency * wideRate),
            AllReduce: allReduce.Seconds(shape.Tokens),
            SmallKernels: smallKernels.Seconds(shape.Tokens),
            Host: 0,
            Sampling: host.SamplingSeconds * shape.Rows);
        return times with
        {
            Host = host.Seconds(shape.Sequences) + host.ExcessSeconds(shape.Sequences, times.Total - times.DecodeAttention),
        };
    }

    private StepCost CostAt(in StepShape shape, double ratio, in PowerModel power)
    {
        StepTimes times = Times(shape, ratio);
        double bandwidth = gpu.MemoryBytesPerSecond * Math.Min(1, ratio / gpu.Clock.FullBandwidthRatio);
        double weightBytes = LinearBytes(shape);
        double headBytes = HeadBytes(shape);
        double linearCompute = LinearFlops(shape) / rating.PeakFlopsPerSecond;
        double headCompute = HeadFlops(shape) / gpu.Bf16.PeakFlopsPerSecond;
        double contextMemory = contextBytes / gpu.MemoryBytesPerSecond;
        double contextCompute = attentionFlops / gpu.Bf16.PeakFlopsPerSecond;
        double sampling = times.Sampling / tensorParallelism;

        double joules = power.Joules(
            times.Total,
            ((weightBytes + headBytes) / gpu.MemoryBytesPerSecond) + (shape.ContextTokens * contextMemory),
            linearCompute + headCompute + ((shape.ContextTokens + shape.PrefillPairs) * contextCompute),
            sampling);

        double prefillJoules = 0;
        if (shape.PrefillTokens > 0)
        {
            // What a step shares is charged by tokens, head and sampling by rows, host work by sequences.
            double tokenShare = (double)shape.PrefillTokens / shape.Tokens;
            double rowShare = shape.Rows == 0 ? 0 : (double)shape.PrefillsCompleted / shape.Rows;
            double hostSeconds = times.Host * shape.PrefillSequences / shape.Sequences;
            prefillJoules = power.Joules(
                ((times.Linear + times.AllReduce + times.SmallKernels) * tokenShare)
                    + ((times.Head + times.Sampling) * rowShare) + times.PrefillAttention + hostSeconds,
                ((weightBytes * tokenShare) + (headBytes * rowShare)) / gpu.MemoryBytesPerSecond,
                (linearCompute * tokenShare) + (headCompute * rowShare) + (shape.PrefillPairs * contextCompute),
                sampling * rowShare);
        }

        double perContextSeconds = SecondsPerContextToken(bandwidth);
        return new StepCost(
            times.Total,
            tensorParallelism * joules,
            shape.DecodeSequences == 0 ? tensorParallelism * joules : tensorParallelism * prefillJoules,
            perContextSeconds,
            tensorParallelism * power.Joules(perContextSeconds, contextMemory, contextCompute, 0),
            ratio,
            IsThrottled: false,
            MissesCap: false);
    }

    private double SecondsPerContextToken(double bandwidth) => contextBytes / (gpu.DecodeAttentionEfficiency * bandwidth);

    private double LinearFlops(in StepShape shape) => LinearLayers.Flops(weights, shape.Tokens, tensorParallelism);

    private double LinearBytes(in StepShape shape) => LinearLayers.Bytes(weights, shape.Tokens, bytesPerWeight, tensorParallelism);

    private double HeadFlops(in StepShape shape) => OutputHead.Flops(weights, shape.Rows, tensorParallelism);

    private double HeadBytes(in StepShape shape) => OutputHead.Bytes(weights, shape.Rows, tensorParallelism);
}
