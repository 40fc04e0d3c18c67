using GreenServe.Cli.Terminal;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Prometheus;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Running;

/// <summary>
/// A built-in engine that serves one operating point after the other, loaded through HTTP. Points share an engine if they ask the same
/// of it (<see cref="EngineArguments.KeyOf"/>): loading a model takes longer than measuring it.
/// </summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
    private readonly MeterCatalog meters;
    private readonly LoadOptions load;
    private readonly MeasurementPolicy measuring;
    private readonly IProgress<string> progress;
    private readonly DirectoryInfo temporary;
    private readonly EngineProcess engine;
    private readonly IDisposable hold = StopSignals.Hold();

    private EngineSession(
        MeterCatalog meters, LoadOptions load, MeasurementPolicy measuring, IProgress<string> progress, DirectoryInfo temporary, EngineProcess engine)
    {
        this.meters = meters;
        this.load = load;
        this.measuring = measuring;
        this.progress = progress;
        this.temporary = temporary;
        this.engine = engine;
    }

    private string StepsFile => StepsFileIn(temporary);

    /// <summary>Starts an engine for points of one key, with slots as long as their longest request.</summary>
    /// <param name="points">At least one; all with the same <see cref="EngineArguments.KeyOf"/>.</param>
    /// <param name="meters">What reads power and energy.</param>
    /// <param name="load">How schedules are sent.</param>
    /// <param name="measuring">What may be changed on the machine, and what is measured before the load.</param>
    /// <param name="output">Receives what the engine says of itself.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidInputException">A knob has no counterpart in the engine, or the model cannot be served.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
    internal static async Task<EngineSession> StartAsync(
        IReadOnlyList<OperatingPoint> points, MeterCatalog meters, LoadOptions load, MeasurementPolicy measuring, TextWriter output,
        CancellationToken cancellationToken)
    {
        TerminalProgress progress = new(output);
        if (measuring.Baselines == BaselineChoice.All)
        {
            // Before the engine is on the device: with it, nothing is idle.
            await measuring.Store.IdleAsync(meters, progress, cancellationToken).ConfigureAwait(false);
        }

        DirectoryInfo temporary = Directory.CreateTempSubdirectory("greenserve-steps-");
        try
        {
            IReadOnlyList<string> arguments = EngineArguments.For(points, StepsFileIn(temporary));
            EngineProcess engine = await EngineProcess.StartAsync(arguments, output, cancellationToken).ConfigureAwait(false);
            return new EngineSession(meters, load, measuring, progress, temporary, engine);
        }
        catch
        {
            temporary.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Runs a point and leaves the record in a new folder, with the engine's steps.</summary>
    /// <param name="point">One of the points the engine was started for.</param>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="cancellationToken">Stops the run; what has ended by then stays recorded.</param>
    internal async Task<RunVerdict> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        using PreparedMachine conditions = await PreparedMachine
            .PrepareAsync(point, meters, measuring, progress, cancellationToken).ConfigureAwait(false);
        ServedPoint served = new(point, conditions, load)
        {
            Backend = BackendKind.Engine,
            System = point.System,
            ServerText = engine.Description,
            WatchHost = EngineArguments.IsCpu(point.System) ? Watch : null,
            ReadSteps = async clock =>
            {
                await WaitUntilIdleAsync().ConfigureAwait(false);
                return EngineStepFile.Read(StepsFile, clock);
            },
        };
        return await served
            .RunAsync(new OpenAiOptions { Endpoint = engine.Endpoint, Seed = point.Seed }, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        temporary.Delete(recursive: true);
        hold.Dispose();
    }

    private (HostLoad Load, int EngineThreads) Watch() => (
        new HostLoad(() => engine.ProcessorSeconds + Environment.CpuUsage.TotalTime.TotalSeconds, Environment.ProcessorCount),
        Environment.ProcessorCount);

    private static string StepsFileIn(DirectoryInfo folder) => Path.Combine(folder.FullName, RunFiles.Steps);

    /// <summary>The engine writes its last steps before it says that nothing is running, and before it ends.</summary>
    private async Task WaitUntilIdleAsync()
    {
        long begin = TimeProvider.System.GetTimestamp();
        using HttpClient client = new() { BaseAddress = engine.Endpoint, Timeout = IdlePatience };
        while (!await IsIdleAsync(client).ConfigureAwait(false))
        {
            if (TimeProvider.System.GetElapsedTime(begin) > IdlePatience)
            {
                throw new UnavailableException($"The engine is still busy {IdlePatience.TotalSeconds:0} s after the load ended.");
            }

            await Task.Delay(LookInterval).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsIdleAsync(HttpClient client)
    {
        try
        {
            string text = await client.GetStringAsync(new Uri("metrics", UriKind.Relative)).ConfigureAwait(false);
            double[] counts = [.. PrometheusText.Series(text, IsRequestCount).Select(series => series.Value)];
            return counts.Length == 2 && counts.Sum() == 0;
        }
        catch (HttpRequestException)
        {
            // Ctrl-C in a terminal reaches the engine too: what it did is in the file once it has ended.
            await engine.DisposeAsync().ConfigureAwait(false);
            return true;
        }
    }

    private static bool IsRequestCount(string metric) => metric is "vllm:num_requests_running" or "vllm:num_requests_waiting";
}
