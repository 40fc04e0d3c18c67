using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Time and work of a step that passes through all layers once, at any clock. It puts together the terms of the other types.
/// </summary>
internal sealed class StepPhysics
{
    private readonly GpuDefinition gpu;
    private readonly ModelWeights weights;
    private readonly LayerWork layers;
    private readonly PrecisionRating rating;
    private readonly EngineCosts costs;
    private readonly int tensorParallelism;
    private readonly double bytesPerWeight;
    private readonly PrecisionRating wide;
    private readonly double headBytesPerWeight;
    private readonly double contextBytes;
    private readonly double sequenceContextSeconds;
    private readonly double attentionFlops;
    private readonly AttentionWindow window;
    private readonly double productSeconds;
    private readonly AllReduce allReduce;
    private readonly SmallKernels smallKernels;
    private readonly SmallKernels unrecordedKernels;
    private readonly HostWork host;

    internal StepPhysics(SimulatedSystem system)
    {
        gpu = system.Gpu;
        costs = system.EngineHere.Costs;
        weights = ModelWeights.Of(system.Model);
        rating = WeightFormat.Rating(gpu, system.Precision)!;
        wide = WeightFormat.ActivationRating(gpu, system.Precision)!;
        layers = LayerWork.For(system.Model, costs, system.Precision, rating, wide);
        headBytesPerWeight = OutputHead.BytesPerWeight(system.Precision);
        tensorParallelism = system.TensorParallelism;
        bytesPerWeight = WeightFormat.BytesPerWeight(system.Precision);
        contextBytes = DecodeAttention.BytesPerContextToken(system.Model, tensorParallelism, system.KeyValueBytes);
        sequenceContextSeconds = costs.AttentionTokenSeconds * system.Model.Layers;
        attentionFlops = DecodeAttention.FlopsPerContextToken(system.Model, tensorParallelism);
        window = AttentionWindow.Of(system.Model);
        AllReduceRating? link = gpu.AllReduce.FirstOrDefault(entry => entry.Gpus >= tensorParallelism);
        allReduce = AllReduce.For(system.Model, tensorParallelism, link, costs.AllReduceLatencyRatio);
        smallKernels = SmallKernelsOf(system.Model, costs.LayerSeconds);
        unrecordedKernels = SmallKernelsOf(system.Model, costs.UnrecordedLayerSeconds ?? costs.LayerSeconds);
        host = HostWork.For(costs, system.Model, tensorParallelism, system.PipelineParallelism);
        PrecisionRating started = system.Engine.FusesQuantisation ? wide : rating;
        productSeconds = LinearLayers.ProductsPerLayer * system.Model.Layers * started.ProductSeconds;
    }

    /// <summary>The parts of a step's time at a clock relative to the highest clock.</summary>
    internal StepTimes Times(in StepShape shape, double clockRatio)
    {
        double bandwidth = Bandwidth(clockRatio);
        double rateRatio = Math.Min(1, clockRatio / gpu.Clock.FullComputeRatio);
        double tensorRate = costs.ComputeShare * rating.PeakFlopsPerSecond * rateRatio;
        double wideRate = costs.ComputeShare * wide.PeakFlopsPerSecond * rateRatio;
        StepTimes times = new(
            LinearSeconds: productSeconds + LinearLayers.Seconds(
                Flops(layers.ComputeTime, shape),
                Bytes(layers.MemoryTime, shape),
                rating.ComputeEfficiency * tensorRate,
                rating.MemoryEfficiency * bandwidth),
            HeadSeconds: (shape.Rows == 0 ? 0 : wide.ProductSeconds) + LinearLayers.Seconds(
                HeadFlops(shape), HeadBytes(shape), wide.ComputeEfficiency * wideRate, wide.MemoryEfficiency * bandwidth),
            DecodeAttentionSeconds: window.ContextTokens(shape) * ContextSeconds(shape, bandwidth),
            PrefillAttentionSeconds: PrefillAttention.Seconds(
                window.Pairs(shape), attentionFlops, gpu.PrefillAttentionEfficiency * wideRate),
            AllReduceSeconds: allReduce.Seconds(shape.Tokens),
            SmallKernelSeconds: KernelsOf(shape).Seconds(shape.Tokens),
            HostSeconds: 0,
            SamplingSeconds: host.SamplingSeconds * shape.Rows);
        return times with
        {
            HostSeconds = host.Seconds(shape)
                + host.ExcessSeconds(shape, times.TotalSeconds - times.DecodeAttentionSeconds),
        };
    }

    /// <summary>Time and work of a step at a clock relative to the highest clock.</summary>
    internal StepWork WorkOf(in StepShape shape, double clockRatio)
    {
        StepTimes times = Times(shape, clockRatio);
        double weightSeconds = PowerModel.WeightReadShare(gpu.Power, shape.Tokens) / gpu.MemoryBytesPerSecond;
        double sampling = times.SamplingSeconds / tensorParallelism;
        PowerWork linear = new(
            Bytes(layers.Bytes, shape) * weightSeconds,
            Flops(layers.ComputeEnergy, shape) / rating.PeakFlopsPerSecond * rating.ComputePowerRatio,
            0);
        PowerWork head = new(HeadBytes(shape) * weightSeconds, HeadFlops(shape) / wide.PeakFlopsPerSecond, sampling);
        PowerWork context = new(
            gpu.Power.ContextReadRatio * contextBytes / gpu.MemoryBytesPerSecond, attentionFlops / wide.PeakFlopsPerSecond, 0);
        PowerWork pairs = new(0, window.Pairs(shape) * attentionFlops / wide.PeakFlopsPerSecond, 0);

        double prefillSeconds = 0;
        PowerWork prefill = default;
        if (shape.PrefillTokens > 0)
        {
            // Prompts pay for the layers by tokens, for head and sampling by rows, and for the host by sequences. What they alone cause is
            // theirs.
            double promptSeconds = host.PromptSeconds(shape);
            double tokenShare = (double)shape.PrefillTokens / shape.Tokens;
            double rowShare = shape.Rows == 0 ? 0 : (double)shape.PrefillsCompleted / shape.Rows;
            double sequenceShare = (double)shape.PrefillSequences / shape.Sequences;
            prefillSeconds = ((times.LinearSeconds + times.AllReduceSeconds + times.SmallKernelSeconds) * tokenShare)
                + ((times.HeadSeconds + times.SamplingSeconds) * rowShare) + times.PrefillAttentionSeconds
                + ((times.HostSeconds - promptSeconds) * sequenceShare) + promptSeconds;
            prefill = (tokenShare * linear) + (rowShare * head) + pairs;
        }

        return new StepWork(
            times.TotalSeconds,
            times.HostSeconds,
            prefillSeconds,
            window.WholeShare * ContextSeconds(shape, Bandwidth(clockRatio)),
            linear + head + pairs + (window.ContextTokens(shape) * context),
            prefill,
            window.WholeShare * context);
    }

    private double Bandwidth(double clockRatio) => gpu.MemoryBytesPerSecond * Math.Min(1, clockRatio / gpu.Clock.FullBandwidthRatio);

    /// <summary>
    /// Time that one more cached token adds in layers that attend to it, in seconds. Sequences are processed side by side, as if all had
    /// their mean length.
    /// </summary>
    private double ContextSeconds(in StepShape shape, double bandwidth) =>
        (contextBytes / (gpu.DecodeAttentionEfficiency * bandwidth)) + (sequenceContextSeconds / Math.Max(1, shape.DecodeSequences));

    private SmallKernels SmallKernelsOf(ModelDefinition model, double layerSeconds) =>
        SmallKernels.For(model, layerSeconds + (model.Experts > 1 ? costs.Experts.LayerSeconds : 0), gpu.MemoryBytesPerSecond);

    private SmallKernels KernelsOf(in StepShape shape) =>
        shape.Sequences > costs.RecordedSequences ? unrecordedKernels : smallKernels;

    private double Flops(in ModelWeights counted, in StepShape shape) => LinearLayers.Flops(counted, shape.Tokens, tensorParallelism);

    private double Bytes(in ModelWeights counted, in StepShape shape) =>
        LinearLayers.Bytes(counted, shape.Tokens, bytesPerWeight, tensorParallelism, costs.Experts.ChoiceExponent);

    private double HeadFlops(in StepShape shape) => OutputHead.Flops(weights, shape.Rows, tensorParallelism);

    private double HeadBytes(in StepShape shape) => OutputHead.Bytes(weights, shape.Rows, tensorParallelism, headBytesPerWeight);
}

/// <summary>Time of a step at one clock and its work on one accelerator, by purpose.</summary>
/// <param name="Seconds">Duration of the step, in seconds.</param>
/// <param name="HostSeconds">The part of the duration in which the accelerators wait for the host, in seconds.</param>
/// <param name="PrefillSeconds">The part of the duration that is charged to prompts, in seconds.</param>
/// <param name="ContextSeconds">Time that one context token adds, in seconds.</param>
/// <param name="Work">Work of the whole step.</param>
/// <param name="PrefillWork">The part of the work that is charged to prompts.</param>
/// <param name="ContextWork">Work that one context token adds.</param>
internal readonly record struct StepWork(
    double Seconds,
    double HostSeconds,
    double PrefillSeconds,
    double ContextSeconds,
    PowerWork Work,
    PowerWork PrefillWork,
    PowerWork ContextWork);
