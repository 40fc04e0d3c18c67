using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Runners.Onnx;
using GreenServe.Engine.Runners.Torch;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Hosting;

/// <summary>Loads the runner that the settings ask for, ready to serve.</summary>
internal static class RunnerLoader
{
    private const int CpuBatch = 16;
    private const int LargestCudaBatch = 256;
    private const int MinRounds = 3;
    private const int WarmUpTokens = 2;
    private static readonly TimeSpan CudaWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Loads weights, reserves the cache and runs a few tokens, so that no request pays for what happens only once.</summary>
    /// <exception cref="InvalidInputException">The context asked for is longer than the model's.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
    internal static IDecoderRunner Load(EngineSettings settings, ServedModel model)
    {
        int context = settings.EffectiveContext(model.Shape.ContextTokens);
        if (context > model.Shape.ContextTokens)
        {
            throw new InvalidInputException(new Problem("--max-context", context, $"at most the model's {model.Shape.ContextTokens} tokens"));
        }

        IDecoderRunner runner = settings.EffectiveRunner == RunnerKind.Onnx
            ? LoadOnnx(settings, model, context)
            : LoadTorch(settings, model, context);
        WarmUp(runner, model.Shape, settings);

        // Writing the weights took buffers as large as the largest matrix. Given back now, they do not count against what is served.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return runner;
    }

    private static OnnxDecoderRunner LoadOnnx(EngineSettings settings, ServedModel model, int context)
    {
        OnnxWeightFormat format = settings.EffectivePrecision switch
        {
            EnginePrecision.Int8 => OnnxWeightFormat.Int8,
            EnginePrecision.Int4 => OnnxWeightFormat.Int4,
            _ => OnnxWeightFormat.Float32,
        };
        RunnerOptions options = new(model.Shape, model.Weights, settings.MaxBatch ?? CpuBatch, context);
        return OnnxDecoderRunner.Load(options, format, settings.EffectiveThreads);
    }

    private static TorchDecoderRunner LoadTorch(EngineSettings settings, ServedModel model, int context)
    {
        RequireDivisor(settings.TensorParallelism, model.Shape);
        TorchSettings torch = new(
            settings.Device == DeviceKind.Cuda, settings.EffectivePrecision == EnginePrecision.Bf16, settings.EffectiveThreads)
        {
            TensorParallelism = settings.TensorParallelism,
        };
        int slots = settings.MaxBatch ?? TorchDecoderRunner.SlotsThatFit(
            model.Shape, torch, context, settings.Device == DeviceKind.Cuda ? LargestCudaBatch : CpuBatch);
        return TorchDecoderRunner.Load(new RunnerOptions(model.Shape, model.Weights, slots, context), torch);
    }

    /// <summary>Refuses a number of ranks that would get unequal parts of a model.</summary>
    /// <exception cref="InvalidInputException">It does not divide the model's heads or columns.</exception>
    internal static void RequireDivisor(int tensorParallelism, DecoderShape shape)
    {
        if (shape.Heads % tensorParallelism != 0 || shape.KeyValueHeads % tensorParallelism != 0 || shape.IntermediateSize % tensorParallelism != 0)
        {
            throw new InvalidInputException(new Problem(
                "--tensor-parallelism", tensorParallelism,
                $"a divisor of the model's {shape.Heads} heads, {shape.KeyValueHeads} key and value heads and {shape.IntermediateSize} columns"));
        }
    }

    /// <summary>
    /// Rounds of prompts and tokens, one sequence and then several: the first runs allocate, compile and choose kernels, and on a GPU the
    /// first seconds launch slowly.
    /// </summary>
    private static void WarmUp(IDecoderRunner runner, DecoderShape shape, EngineSettings settings)
    {
        TimeSpan least = settings.Device == DeviceKind.Cuda ? CudaWarmUp : TimeSpan.Zero;
        int stepTokens = settings.EffectiveStepTokens(runner.Description.Slots);
        long begin = TimeProvider.System.GetTimestamp();
        for (int round = 0; round < MinRounds || TimeProvider.System.GetElapsedTime(begin) < least; round++)
        {
            int sequences = Math.Min(1 << (round % 4), runner.Description.Slots);
            int length = Math.Min(Math.Min(round % 2 == 0 ? 64 : 512, stepTokens / sequences), runner.Description.ContextTokens - WarmUpTokens);
            Generate(runner, shape, sequences, Math.Max(1, length));
        }
    }

    private static void Generate(IDecoderRunner runner, DecoderShape shape, int sequences, int length)
    {
        int[] slots = [.. Enumerable.Range(0, sequences).Select(_ => runner.OpenSequence())];
        int[] prompt = [.. Enumerable.Range(0, length).Select(index => index % shape.VocabularySize)];
        int[] next = new int[sequences];
        runner.Step([.. slots.Select(slot => new SequenceWork(slot, prompt, 0, TokenChoice.Greedy))], next);
        for (int step = 0; step < WarmUpTokens; step++)
        {
            runner.Step([.. slots.Select((slot, index) => new SequenceWork(slot, new[] { next[index] }, length + step, TokenChoice.Greedy))], next);
        }

        Array.ForEach(slots, runner.CloseSequence);
    }
}
