using GreenServe.Records.Systems;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Trust;

/// <summary>Settings and errors for tests.</summary>
internal static class Settings
{
    /// <summary>A dense model of 8 billion weights on one H100.</summary>
    internal static SimulatedSetting One { get; } =
        new("vllm-0.11", "H100-80GB-SXM", 3.35e12, 989e12, 8e9, IsMixture: false, Precision.Bf16, TensorParallelism: 1, 8);

    internal static ValidatedError Error(string campaign, double logRatio, SimulatedSetting? setting = null, bool isFitted = false) =>
        new(campaign, setting ?? One, logRatio, isFitted);
}
