using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Norms, activations, rotary embedding and launches: a fixed time for each layer, and the time to move activations.</summary>
/// <param name="FixedSeconds">Time of the launches of a step, in seconds.</param>
/// <param name="SecondsPerToken">Time to move the activations of one token, in seconds.</param>
internal readonly record struct SmallKernels(double FixedSeconds, double SecondsPerToken)
{
    /// <summary>Bytes moved for each element of the hidden state and layer: five reads or writes in 16 bits.</summary>
    private const double ActivationBytesPerHidden = 10;

    /// <summary>Share of the memory bandwidth that these kernels reach: less than a large copy, since each of them is short.</summary>
    private const double BandwidthEfficiency = 0.7;

    /// <summary>
    /// The time for a model: <c>L·t_layer + 10·L·n·h / (0.7·B)</c> for L layers, n tokens, hidden size h and bandwidth B.
    /// </summary>
    internal static SmallKernels For(ModelDefinition model, double layerSeconds, double memoryBytesPerSecond) => new(
        model.Layers * layerSeconds,
        ActivationBytesPerHidden * model.Layers * model.HiddenSize / (BandwidthEfficiency * memoryBytesPerSecond));

    /// <summary>Time of a step of so many tokens, in seconds.</summary>
    internal double Seconds(int tokens) => FixedSeconds + (SecondsPerToken * tokens);
}
