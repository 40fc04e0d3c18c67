using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Engines;
using GreenServe.Running.Machine;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>An operating point on the built-in engine, started for this point alone.</summary>
/// <param name="point">What is asked.</param>
/// <param name="meters">What reads power and energy.</param>
/// <param name="load">How the schedule is sent.</param>
/// <param name="measuring">What may be changed on the machine, and what is measured before the load.</param>
internal sealed class EnginePoint(OperatingPoint point, MeterCatalog meters, LoadOptions load, MeasurementPolicy measuring)
{
    /// <summary>The meters that see this point and nothing else: the processor, or the GPUs that compute. Idle neighbours would be counted into each token.</summary>
    internal static MeterOptions OwnMeters(OperatingPoint point) => EngineArguments.IsCpu(point.System)
        ? new MeterOptions { Gpus = "none" }
        : new MeterOptions { Gpus = "cuda", GpuLimit = point.Knobs.TensorParallelism };

    /// <summary>Runs the point and leaves the record in a new folder.</summary>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="output">Receives what the engine says of itself.</param>
    /// <param name="cancellationToken">Stops the run; what has ended by then stays recorded.</param>
    /// <exception cref="InvalidInputException">A knob has no counterpart in the engine, or the model cannot be served.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
    internal async Task<RunVerdict> RunAsync(string folder, TextWriter output, CancellationToken cancellationToken)
    {
        await using EngineSession session = await EngineSession
            .StartAsync([point], meters, load, measuring, output, cancellationToken).ConfigureAwait(false);
        return await session.RunAsync(point, folder, cancellationToken).ConfigureAwait(false);
    }
}
