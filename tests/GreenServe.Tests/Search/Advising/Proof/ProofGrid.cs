using GreenServe.Search.Advising.Spaces;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Tests.Search.Advising.Proof;

/// <summary>A workload with a grid of about 10,000 possible settings.</summary>
/// <param name="Workload">The workload, with 1,000 requests after the warm-up.</param>
/// <param name="Gpu">Kind of accelerator.</param>
/// <param name="GpuLimit">The largest number of accelerators.</param>
/// <param name="Knobs">Axes of the grid besides the GPU clock, which has its twelve default values.</param>
internal sealed record ProofGrid(Workload Workload, string Gpu, int GpuLimit, IReadOnlyList<string> Knobs)
{
    private static readonly Workload Base = AdvisorWorkloads.Poisson with { DurationSeconds = null, Requests = 1080 };

    /// <summary>Chats, code, users of a closed loop, and bursts, on other models and accelerators.</summary>
    internal static IReadOnlyList<ProofGrid> All { get; } =
    [
        new(
            Base with
            {
                Name = "chat",
                Arrival = new PoissonArrival { RequestsPerSecond = 12 },
                WarmUpSeconds = 6.5,
                Lengths = Uniform(64, 1024, 16, 160),
            },
            "H100-80GB-SXM",
            4,
            [
                "tensor_parallelism=1,2,4", "replicas=1,2,3,4", "precision=bf16,fp8", "power_cap_watts=300,400,550,700",
                "max_batch=8,16,32,64,256,default", "step_tokens=1024,2048,default",
            ]),
        new(
            Base with
            {
                Name = "code",
                Model = "llama-2-70b",
                Arrival = new PoissonArrival { RequestsPerSecond = 4 },
                WarmUpSeconds = 20,
                Lengths = Uniform(500, 3000, 8, 64),
            },
            "H100-80GB-SXM",
            8,
            [
                "tensor_parallelism=2,4,8", "replicas=1,2,4", "pipeline_parallelism=1,2", "precision=bf16,fp8,int4",
                "power_cap_watts=300,500,700", "max_batch=8,32,128", "step_tokens=512,2048,default",
            ]),
        new(
            Base with
            {
                Name = "users",
                Arrival = new ClosedLoopArrival { Concurrency = 48 },
                WarmUpSeconds = 0,
                Lengths = Uniform(100, 900, 16, 128),
            },
            "A100-80GB-SXM",
            4,
            [
                "tensor_parallelism=1,2,4", "replicas=1,2,3,4", "precision=bf16,int8,int4", "power_cap_watts=150,250,400",
                "max_batch=8,16,24,48,default", "step_tokens=512,2048,default",
            ]),
        new(
            Base with
            {
                Name = "bursts",
                Model = "qwen3-32b",
                Arrival = new GammaArrival { RequestsPerSecond = 5, CoefficientOfVariation = 3 },
                WarmUpSeconds = 16,
                Lengths = Uniform(32, 600, 8, 120),
            },
            "H200",
            4,
            [
                "tensor_parallelism=1,2,4", "replicas=1,2,3", "prefill_replicas=0,1", "precision=bf16,fp8", "power_cap_watts=300,450,700",
                "max_batch=8,16,64,256,default", "step_tokens=1024,4096,default",
            ]),
    ];

    /// <summary>The grid.</summary>
    internal SettingSpace Space => SpaceOf(["gpu_clock_megahertz", .. Knobs]);

    /// <summary>A grid of a few hundred settings.</summary>
    internal SettingSpace Reduced => SpaceOf(
    [
        "gpu_clock_megahertz=600..1980/460", "tensor_parallelism=1,2,4", "replicas=1,2,3,4", "precision=bf16,fp8",
        "max_batch=8,32,default",
    ]);

    private SettingSpace SpaceOf(IReadOnlyList<string> knobs) => SettingSpaceBuilder.Build(new SettingSpaceRequest
    {
        Model = Workload.Model,
        Gpus = [Gpu],
        Engine = "vllm-0.11",
        GpuLimit = GpuLimit,
        Knobs = ["others=default", .. knobs],
    }).Space!;

    private static IndependentLengths Uniform(int minInput, int maxInput, int minOutput, int maxOutput) => new()
    {
        Input = new UniformLength { MinTokens = minInput, MaxTokens = maxInput },
        Output = new UniformLength { MinTokens = minOutput, MaxTokens = maxOutput },
    };
}
