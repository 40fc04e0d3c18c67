using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

/// <summary>Measured points for tests.</summary>
internal static class Points
{
    /// <summary>A point that can be simulated.</summary>
    internal static MeasuredPoint Point(string id) => new()
    {
        Id = id,
        Source = "source @1 (MIT)",
        Split = "validation",
        Gpu = "H100-SXM",
        Model = "meta-llama/Llama-3.1-8B-Instruct",
        TensorParallelism = 1,
        Load = "concurrency 4",
        InputTokens = 100,
        OutputTokens = 20,
        Stack = "vLLM 2025",
        TbtSeconds = 0.0075,
    };
}
