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
        WarmUp(runner, model.Shape, settings.EffectiveStepTokens(runner.Description.Slots));

        // Writing the weights took buffers as large as the largest matrix. Given back now, they do not count against what is served.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return runner;
    }

    private static OnnxDecoderRunner LoadOnnx(EngineSettings settings, ServedModel model, int context)
    {
        WeightFormat format = settings.EffectivePrecision switch
        {
            EnginePrecision.Int8 => WeightFormat.Int8,
            EnginePrecision.Int4 => WeightFormat.Int4,
            _ => WeightFormat.Float32,
        };
        RunnerOptions options = new(model.Shape, model.Weights, settings.MaxBatch ?? CpuBatch, context);
        return OnnxDecoderRunner.Load(options, format, settings.EffectiveThreads);
    }

    private static TorchDecoderRunner LoadTorch(EngineSettings settings, ServedModel model, int context)
    {
        TorchSettings torch = new(
            settings.Device == DeviceKind.Cuda, settings.EffectivePrecision == EnginePrecision.Bf16, settings.EffectiveThreads);
        int slots = settings.MaxBatch ?? TorchDecoderRunner.SlotsThatFit(
            model.Shape, torch, context, settings.Device == DeviceKind.Cuda ? LargestCudaBatch : CpuBatch);
        return TorchDecoderRunner.Load(new RunnerOptions(model.Shape, model.Weights, slots, context), torch);
    }

    /// <summary>Three rounds of a prompt and two tokens: the first runs allocate, compile and choose kernels.</summary>
    private static void WarmUp(IDecoderRunner runner, DecoderShape shape, int stepTokens)
    {
        int length = Math.Min(Math.Min(64, stepTokens), runner.Description.ContextTokens - 2);
        int[] prompt = [.. Enumerable.Range(0, length).Select(index => index % shape.VocabularySize)];
        int[] next = new int[1];
        for (int round = 0; round < 3; round++)
        {
            int sequence = runner.OpenSequence();
            runner.Step([new SequenceWork(sequence, prompt, 0, TokenChoice.Greedy)], next);
            for (int step = 0; step < 2; step++)
            {
                runner.Step([new SequenceWork(sequence, new[] { next[0] }, length + step, TokenChoice.Greedy)], next);
            }

            runner.CloseSequence(sequence);
        }
    }
}
