using System.Net;
using GreenServe.Records;

namespace GreenServe.Engine.CommandLine;

/// <summary>The settings of the reference engine, as the command line of <c>greenserve serve engine</c> gives them.</summary>
public sealed record EngineSettings
{
    // A processor computes longer chunks no faster, and running requests would wait longer for their next token.
    private const int CpuStepTokens = 256;

    // A chunk this long keeps the matrix units of a datacentre GPU busy.
    private const int CudaStepTokens = 2048;

    // A slot of the cache is as long as the context, so the default bounds the memory that each sequence takes.
    private const int CpuContextTokens = 2048;
    private const int CudaContextTokens = 4096;

    // One day.
    internal const double MaxStopGraceSeconds = 86_400;

    /// <summary>The name of a built-in model, the path of a model file, or the path of a Hugging Face folder.</summary>
    /// <value>Default: <c>llama-15m</c>.</value>
    public string Model { get; init; } = "llama-15m";

    /// <summary>The name by which clients ask for the model; <c>null</c> for the model's own name.</summary>
    public string? ServedName { get; init; }

    /// <summary>The kind of device that computes.</summary>
    /// <value>Default: <see cref="DeviceKind.Cpu"/>.</value>
    public DeviceKind Device { get; init; }

    /// <summary>The library that computes; <c>null</c> for ONNX Runtime on the CPU and torch on CUDA.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>The format of the weights; <c>null</c> for float32 on the CPU and bf16 on CUDA.</summary>
    public EnginePrecision? Precision { get; init; }

    /// <summary>
    /// The number of GPUs that share each layer. On the CPU it is the number of parts into which one processor's work is divided, which
    /// is slow and serves only to compare results.
    /// </summary>
    /// <value>At least 1. Default: 1.</value>
    public int TensorParallelism { get; init; } = 1;

    /// <summary>The seed of random weights, and of the sampling of requests that bring no seed.</summary>
    /// <value>Default: 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// The largest number of sequences in a batch; <c>null</c> for 16 on the CPU, and on CUDA for as many as fit into memory, at most 256.
    /// </summary>
    public int? MaxBatch { get; init; }

    /// <summary>The largest number of tokens in one step; <c>null</c> for 256 on the CPU and 2048 on CUDA.</summary>
    public int? StepTokens { get; init; }

    /// <summary>
    /// The largest number of tokens that a prompt and its output may have together; <c>null</c> for the model's context, but at most 2048
    /// on the CPU and 4096 on CUDA.
    /// </summary>
    public int? MaxContext { get; init; }

    /// <summary>The number of tokens that the key-value cache may hold; <c>null</c> for as many as all slots hold when full.</summary>
    public long? CacheTokens { get; init; }

    /// <summary>The number of threads that compute on the CPU; <c>null</c> for one a core.</summary>
    public int? Threads { get; init; }

    /// <summary>The IP address on which the server listens.</summary>
    /// <value>Default: the loopback address, since the server has no TLS.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port on which the server listens. Port 0 takes a free port.</summary>
    /// <value>In [0, 65535]. Default: 8000.</value>
    public int Port { get; init; } = 8000;

    /// <summary>Whether the server speaks HTTP/2 without TLS, and nothing else.</summary>
    /// <value>Default: <c>false</c>, which means HTTP/1.1.</value>
    public bool SpeaksHttp2 { get; init; }

    /// <summary>The name of the environment variable that holds the key which clients must send; <c>null</c> for no key.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>The time for which requests in flight may go on after a stop, in seconds.</summary>
    /// <value>In [0, 86400]. Default: 5.</value>
    public double StopGraceSeconds { get; init; } = 5;

    /// <summary>The path of the file to which every step is logged; <c>null</c> for no log.</summary>
    public string? StepsFile { get; init; }

    /// <summary>Whether the server stops when its standard input ends, so that it never outlives the process that started it.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool StopsWithInput { get; init; }

    /// <summary>The library that computes: <see cref="Runner"/>, or its default.</summary>
    public RunnerKind EffectiveRunner => Runner ?? (Device == DeviceKind.Cuda ? RunnerKind.Torch : RunnerKind.Onnx);

    /// <summary>The format of the weights: <see cref="Precision"/>, or its default.</summary>
    public EnginePrecision EffectivePrecision => Precision
        ?? (Device == DeviceKind.Cuda && EffectiveRunner == RunnerKind.Torch ? EnginePrecision.Bf16 : EnginePrecision.Float32);

    /// <summary>The number of threads that compute on the CPU: <see cref="Threads"/>, or its default.</summary>
    public int EffectiveThreads => Threads ?? Environment.ProcessorCount;

    /// <summary>The largest number of tokens in one step: <see cref="StepTokens"/>, or its default.</summary>
    /// <param name="slots">The number of sequences in a full batch. The default gives each of them at least one token.</param>
    public int EffectiveStepTokens(int slots) =>
        StepTokens ?? Math.Max(slots, Device == DeviceKind.Cuda ? CudaStepTokens : CpuStepTokens);

    /// <summary>The largest number of tokens in a sequence: <see cref="MaxContext"/>, or its default.</summary>
    /// <param name="modelContext">The model's own context, in tokens.</param>
    public int EffectiveContext(int modelContext) =>
        MaxContext ?? Math.Min(modelContext, Device == DeviceKind.Cuda ? CudaContextTokens : CpuContextTokens);

    /// <summary>Finds every setting that is out of range or contradicts another setting.</summary>
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

        if (StopGraceSeconds is not (>= 0 and <= MaxStopGraceSeconds))
        {
            yield return new Problem("--stop-grace", StopGraceSeconds, "a number in [0, 86400]");
        }

        if (ApiKeyVariable is { } variable && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            yield return Problem.NoKeyOfThatName("--api-key-env");
        }
    }
}

/// <summary>The kind of device on which the engine computes.</summary>
public enum DeviceKind
{
    /// <summary>The processor of this host.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>The library with which the engine computes.</summary>
public enum RunnerKind
{
    /// <summary>ONNX Runtime on the CPU. It comes with the suite.</summary>
    Onnx,

    /// <summary>libtorch of an installed PyTorch, on CUDA devices or on the CPU.</summary>
    Torch,
}

/// <summary>The format in which the engine holds weights.</summary>
public enum EnginePrecision
{
    /// <summary>Weights, activations and cache are 32-bit floating point numbers.</summary>
    Float32,

    /// <summary>Weights, activations and cache are bfloat16 numbers. Only the torch runner has this format.</summary>
    Bf16,

    /// <summary>Weights are 8-bit integers in blocks; activations and cache are float32. Only the ONNX runner has this format.</summary>
    Int8,

    /// <summary>Weights are 4-bit integers in blocks; activations and cache are float32. Only the ONNX runner has this format.</summary>
    Int4,
}
