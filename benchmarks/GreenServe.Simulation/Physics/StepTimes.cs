namespace GreenServe.Simulation.Physics;

/// <summary>The parts of a step's time at one clock (s).</summary>
/// <param name="Linear">Matrix products with the layers' weights.</param>
/// <param name="Head">Product with the output head.</param>
/// <param name="DecodeAttention">Attention of decoding sequences over their contexts.</param>
/// <param name="PrefillAttention">Attention of prompt chunks.</param>
/// <param name="AllReduce">Sums over the accelerators.</param>
/// <param name="SmallKernels">Launches and activations.</param>
/// <param name="Host">Host work.</param>
/// <param name="Sampling">Sampling on the accelerator.</param>
public readonly record struct StepTimes(
    double Linear, double Head, double DecodeAttention, double PrefillAttention, double AllReduce, double SmallKernels, double Host, double Sampling)
{
    /// <summary>The step's time: its parts follow each other.</summary>
    public double Total => Linear + Head + DecodeAttention + PrefillAttention + AllReduce + SmallKernels + Host + Sampling;
}
