using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Norms, activations, rotary embedding and launches: a time a layer, and the bytes of activations.</summary>
/// <param name="FixedSeconds">Launches of a step (s).</param>
/// <param name="SecondsPerToken">Activation traffic of each token (s).</param>
public readonly record struct SmallKernels(double FixedSeconds, double SecondsPerToken)
{
    private const double ActivationBytesPerHidden = 10;
    private const double BandwidthEfficiency = 0.7;

    /// <summary>The cost for a model: <c>L·t_layer + 10·L·n·h / (0.7·B)</c>.</summary>
    public static SmallKernels For(ModelDefinition model, double layerSeconds, double memoryBytesPerSecond) => new(
        model.Layers * layerSeconds,
        ActivationBytesPerHidden * model.Layers * model.HiddenSize / (BandwidthEfficiency * memoryBytesPerSecond));

    /// <summary>Time (s) of a step of this many tokens.</summary>
    public double Seconds(int tokens) => FixedSeconds + (SecondsPerToken * tokens);
}
