using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>What a point says of its system and requests, as far as the settings of a protocol depend on it.</summary>
/// <param name="Gpu">Name of the accelerator as the point states it.</param>
/// <param name="Model">Name of the model as the point states it.</param>
/// <param name="Precision">Number format.</param>
/// <param name="TensorParallelism">Number of accelerators that share each layer.</param>
/// <param name="InputTokens">Length of the prompts, in tokens.</param>
/// <param name="OutputTokens">Length of the outputs, in tokens.</param>
internal sealed record MeasuredSetup(
    string Gpu, string Model, Precision Precision, int TensorParallelism, double InputTokens, double OutputTokens);
