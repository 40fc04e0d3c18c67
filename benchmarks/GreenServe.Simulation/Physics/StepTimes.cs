namespace GreenServe.Simulation.Physics;

/// <summary>The parts of a step's time at one clock, in seconds.</summary>
/// <param name="Linear">Time of the matrix products with the weights of the layers.</param>
/// <param name="Head">Time of the product with the output head.</param>
/// <param name="DecodeAttention">Time of the attention of decoding sequences over their contexts.</param>
/// <param name="PrefillAttention">Time of the attention of prompt chunks.</param>
/// <param name="AllReduce">Time to sum activations over the accelerators.</param>
/// <param name="SmallKernels">Time of launches, norms and activations.</param>
/// <param name="Host">Time in which the accelerators wait for the host.</param>
/// <param name="Sampling">Time to sample tokens on the accelerator.</param>
public readonly record struct StepTimes(
    double Linear,
    double Head,
    double DecodeAttention,
    double PrefillAttention,
    double AllReduce,
    double SmallKernels,
    double Host,
    double Sampling)
{
    /// <summary>The whole time of the step, whose parts follow each other, in seconds.</summary>
    public double Total => Linear + Head + DecodeAttention + PrefillAttention + AllReduce + SmallKernels + Host + Sampling;
}
