using GreenServe.Cli.Commands;
using GreenServe.Metering;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Cli;

/// <summary>An operating point on the built-in engine: starts it for this point alone, loads it through HTTP, keeps its steps.</summary>
/// <param name="point">What is asked.</param>
/// <param name="meters">What reads power and energy.</param>
/// <param name="load">How the schedule is sent.</param>
/// <param name="measuring">What may be changed on the machine, and what is measured before the load.</param>
internal sealed class EnginePoint(OperatingPoint point, MeterCatalog meters, LoadOptions load, MeasuringOptions measuring)
{
    /// <summary>The meters that see this point and nothing else: the processor, or the one GPU that computes. Its idle neighbours would be counted into each token.</summary>
    internal static MeterOptions OwnMeters(OperatingPoint point) => EngineArguments.IsCpu(point.System)
        ? new MeterOptions { Gpus = "none" }
        : new MeterOptions { Gpus = "cuda", FirstGpuOnly = true };

    private static (HostLoad Load, int EngineThreads) Watch(EngineProcess engine) => (
        new HostLoad(() => engine.ProcessorSeconds + Environment.CpuUsage.TotalTime.TotalSeconds, Environment.ProcessorCount),
        Environment.ProcessorCount);

    /// <summary>Runs the point and leaves the record in a new folder.</summary>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="output">Receives what the engine says of itself.</param>
    /// <param name="cancellationToken">Stops the run; what has ended by then stays recorded.</param>
    /// <exception cref="InvalidInputException">A knob has no counterpart in the engine, or the model cannot be served.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
    internal async Task<RunVerdict> RunAsync(string folder, TextWriter output, CancellationToken cancellationToken)
    {
        RequestSchedule schedule = point.Schedule();
        using PointConditions conditions = await PointConditions
            .PrepareAsync(point, meters, measuring, new MetersCommandProgress(output), cancellationToken).ConfigureAwait(false);
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("greenserve-steps-");
        try
        {
            string stepsFile = Path.Combine(temporary.FullName, RunFiles.Steps);
            await using EngineProcess engine = await EngineProcess
                .StartAsync(EngineArguments.For(point, schedule, stepsFile), output, cancellationToken).ConfigureAwait(false);
            ServedPoint served = new(point, conditions, load)
            {
                Backend = BackendKind.Engine,
                System = point.System,
                ServerText = engine.Description,
                WatchHost = EngineArguments.IsCpu(point.System) ? () => Watch(engine) : null,
                ReadSteps = async clock =>
                {
                    // Its last steps reach the file when it ends.
                    await engine.DisposeAsync().ConfigureAwait(false);
                    return EngineStepFile.Read(stepsFile, clock);
                },
            };
            return await served
                .RunAsync(new OpenAiOptions { Endpoint = engine.Endpoint, Seed = point.Seed }, folder, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }
}
