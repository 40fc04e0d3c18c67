namespace GreenServe.Simulation.Physics;

/// <summary>The parts of a step's time at one clock, in seconds.</summary>
/// <param name="LinearSeconds">Time of the matrix products with the weights of the layers.</param>
/// <param name="HeadSeconds">Time of the product with the output head.</param>
/// <param name="DecodeAttentionSeconds">Time of the attention of decoding sequences over their contexts.</param>
/// <param name="PrefillAttentionSeconds">Time of the attention of prompt chunks.</param>
/// <param name="AllReduceSeconds">Time to sum activations over the accelerators.</param>
/// <param name="SmallKernelSeconds">Time of launches, norms and activations.</param>
/// <param name="HostSeconds">Time in which the accelerators wait for the host.</param>
/// <param name="SamplingSeconds">Time to sample tokens on the accelerator.</param>
public readonly record struct StepTimes(
    double LinearSeconds,
    double HeadSeconds,
    double DecodeAttentionSeconds,
    double PrefillAttentionSeconds,
    double AllReduceSeconds,
    double SmallKernelSeconds,
    double HostSeconds,
    double SamplingSeconds)
{
    /// <summary>The whole time of the step, whose parts follow each other, in seconds.</summary>
    public double TotalSeconds =>
        LinearSeconds + HeadSeconds + DecodeAttentionSeconds + PrefillAttentionSeconds + AllReduceSeconds + SmallKernelSeconds
        + HostSeconds + SamplingSeconds;
}
