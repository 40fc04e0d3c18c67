using System.Net;
using GreenServe.Records;

namespace GreenServe.Engine.CommandLine;

/// <summary>Everything that <c>greenserve serve engine</c> can be told.</summary>
public sealed record EngineSettings
{
    /// <summary>A built-in model, a model file, or a Hugging Face folder.</summary>
    public string Model { get; init; } = "llama-15m";

    /// <summary>Name under which it is served; <c>null</c> for the model's own.</summary>
    public string? ServedName { get; init; }

    /// <summary>Where it computes.</summary>
    public DeviceKind Device { get; init; }

    /// <summary>Which library computes; <c>null</c> for ONNX on the CPU, torch on CUDA.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>Format of weights; <c>null</c> for float32 on the CPU, bf16 on CUDA.</summary>
    public EnginePrecision? Precision { get; init; }

    /// <summary>GPUs that share each layer; on the CPU as many parts of the same processor, for comparison. At least 1.</summary>
    public int TensorParallelism { get; init; } = 1;

    /// <summary>Seed of random weights and of requests without one.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Most sequences at once; <c>null</c> for 16 on the CPU and as many as fit, at most 256, on CUDA.</summary>
    public int? MaxBatch { get; init; }

    /// <summary>Most tokens of one step; <c>null</c> for 256 on the CPU and 2048 on CUDA.</summary>
    public int? StepTokens { get; init; }

    /// <summary>Longest prompt and output together; <c>null</c> for the model's context, at most 2048 on the CPU and 4096 on CUDA.</summary>
    public int? MaxContext { get; init; }

    /// <summary>Tokens of the key and value cache; <c>null</c> for all slots full.</summary>
    public long? CacheTokens { get; init; }

    /// <summary>Threads on the CPU; <c>null</c> for every core.</summary>
    public int? Threads { get; init; }

    /// <summary>Address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 takes a free one.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Whether the server speaks HTTP/2 without TLS, and only that.</summary>
    public bool SpeaksHttp2 { get; init; }

    /// <summary>Environment variable that holds the key clients must send; <c>null</c> for no key.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>How long requests in flight may go on after a stop (s).</summary>
    public double StopGraceSeconds { get; init; } = 5;

    /// <summary>File that receives each step; <c>null</c> for none.</summary>
    public string? StepsFile { get; init; }

    /// <summary>Whether the server stops when its standard input ends, so that it never outlives the process that started it.</summary>
    public bool StopsWithInput { get; init; }

    /// <summary>The library that computes, default included.</summary>
    public RunnerKind EffectiveRunner => Runner ?? (Device == DeviceKind.Cuda ? RunnerKind.Torch : RunnerKind.Onnx);

    /// <summary>The format of weights, default included.</summary>
    public EnginePrecision EffectivePrecision => Precision
        ?? (Device == DeviceKind.Cuda && EffectiveRunner == RunnerKind.Torch ? EnginePrecision.Bf16 : EnginePrecision.Float32);

    /// <summary>Most tokens of one step, default included; at least the batch, so that every running sequence gets its token.</summary>
    /// <param name="slots">Sequences at once.</param>
    public int EffectiveStepTokens(int slots) => StepTokens ?? Math.Max(slots, Device == DeviceKind.Cuda ? 2048 : 256);

    /// <summary>Longest sequence, default included.</summary>
    /// <param name="modelContext">The model's own context (tokens).</param>
    public int EffectiveContext(int modelContext) => MaxContext ?? Math.Min(modelContext, Device == DeviceKind.Cuda ? 4096 : 2048);

    /// <summary>Threads, default included.</summary>
    public int EffectiveThreads => Threads ?? Environment.ProcessorCount;

    /// <summary>Every combination that cannot be.</summary>
    public IEnumerable<Problem> Check()
    {
        if (EffectiveRunner == RunnerKind.Onnx && Device == DeviceKind.Cuda)
        {
            yield return new Problem("--runner", "onnx", "torch with --device cuda");
        }

        if (EffectiveRunner == RunnerKind.Onnx && EffectivePrecision == EnginePrecision.Bf16)
        {
            yield return new Problem("--precision", "bf16", "float32, int8 or int4 with --runner onnx");
        }

        if (EffectiveRunner == RunnerKind.Torch && EffectivePrecision is EnginePrecision.Int8 or EnginePrecision.Int4)
        {
            yield return new Problem("--precision", EffectivePrecision, "bf16 or float32 with --runner torch");
        }

        if (EffectiveRunner == RunnerKind.Onnx && TensorParallelism != 1)
        {
            yield return new Problem("--tensor-parallelism", TensorParallelism, "1 with --runner onnx");
        }

        if (StopGraceSeconds is not (>= 0 and <= 86_400))
        {
            yield return new Problem("--stop-grace", StopGraceSeconds, "a number in [0, 86400]");
        }

        if (ApiKeyVariable is { } variable && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            yield return new Problem("--api-key-env", $"{variable}, which is not set", "an environment variable that holds the key");
        }
    }
}
