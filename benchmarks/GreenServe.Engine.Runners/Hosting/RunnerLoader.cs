using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Runners.Onnx;
using GreenServe.Engine.Runners.Torch;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Hosting;

/// <summary>Loads the runner that the settings ask for and warms it up.</summary>
internal static class RunnerLoader
{
    // A processor gains little from larger batches, and each sequence takes memory for its slot.
    private const int CpuBatch = 16;

    // A limit for small models only: the memory usually sets a lower one.
    private const int MaxCudaBatch = 256;

    // Three rounds run one, two and four sequences, with short and with long prompts.
    private const int MinRounds = 3;

    // Rounds run 1, 2, 4 and 8 sequences in turn.
    private const int BatchSizes = 4;
    private const int ShortPromptTokens = 64;
    private const int LongPromptTokens = 512;
    private const int WarmUpTokens = 2;

    // A GPU launches slowly in the first seconds.
    private static readonly TimeSpan CudaWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Loads weights, reserves the cache and runs a few tokens, so that no request bears the cost of work that is done only once.
    /// </summary>
    /// <param name="settings">The device, the precision and the limits of a batch.</param>
    /// <param name="model">The model to load.</param>
    /// <param name="clock">The clock of the warm-up.</param>
    /// <exception cref="InvalidInputException">The settings ask for a context longer than the model's.</exception>
    /// <exception cref="UnavailableException">A library or a device is missing, or the model does not fit into memory.</exception>
    internal static IDecoderRunner Load(EngineSettings settings, ServedModel model, TimeProvider clock)
    {
        int context = settings.EffectiveContext(model.Shape.ContextTokens);
        if (context > model.Shape.ContextTokens)
        {
            throw new InvalidInputException(new Problem(
                "--max-context", context, $"at most the model's {model.Shape.ContextTokens} tokens"));
        }

        IDecoderRunner runner = settings.EffectiveRunner == RunnerKind.Onnx
            ? LoadOnnx(settings, model, context)
            : LoadTorch(settings, model, context);
        WarmUp(runner, model.Shape, settings, clock);

        // Writing the weights took buffers as large as the largest matrix. They are given back before the server takes requests.
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
            model.Shape, torch, context, settings.Device == DeviceKind.Cuda ? MaxCudaBatch : CpuBatch);
        return TorchDecoderRunner.Load(new RunnerOptions(model.Shape, model.Weights, slots, context), torch);
    }

    /// <summary>Refuses a number of ranks that would get unequal parts of a model.</summary>
    /// <exception cref="InvalidInputException">The number does not divide the model's heads or feed-forward columns.</exception>
    internal static void RequireDivisor(int tensorParallelism, DecoderShape shape)
    {
        int[] parts = [shape.Heads, shape.KeyValueHeads, shape.IntermediateSize];
        if (parts.Any(part => part % tensorParallelism != 0))
        {
            throw new InvalidInputException(new Problem(
                "--tensor-parallelism",
                tensorParallelism,
                $"a divisor of the model's {shape.Heads} heads, {shape.KeyValueHeads} key and value heads "
                + $"and {shape.IntermediateSize} columns"));
        }
    }

    /// <summary>Runs rounds of prompts and tokens, since the first runs allocate memory, compile code and choose kernels.</summary>
    private static void WarmUp(IDecoderRunner runner, DecoderShape shape, EngineSettings settings, TimeProvider clock)
    {
        TimeSpan least = settings.Device == DeviceKind.Cuda ? CudaWarmUp : TimeSpan.Zero;
        int stepTokens = settings.EffectiveStepTokens(runner.Description.Slots);
        int longestPrompt = runner.Description.ContextTokens - WarmUpTokens;
        long begin = clock.GetTimestamp();
        for (int round = 0; round < MinRounds || clock.GetElapsedTime(begin) < least; round++)
        {
            int sequences = Math.Min(1 << (round % BatchSizes), runner.Description.Slots);
            int promptTokens = Math.Min(round % 2 == 0 ? ShortPromptTokens : LongPromptTokens, stepTokens / sequences);
            Generate(runner, shape, sequences, Math.Max(1, Math.Min(promptTokens, longestPrompt)));
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
            int position = length + step;
            runner.Step(
                [.. slots.Select((slot, index) => new SequenceWork(slot, new[] { next[index] }, position, TokenChoice.Greedy))], next);
        }

        Array.ForEach(slots, runner.CloseSequence);
    }
}
