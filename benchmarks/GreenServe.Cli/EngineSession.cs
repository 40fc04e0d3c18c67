using GreenServe.Metering;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli;

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
    private readonly DirectoryInfo temporary;
    private readonly EngineProcess engine;

    private EngineSession(MeterCatalog meters, LoadOptions load, DirectoryInfo temporary, EngineProcess engine)
    {
        this.meters = meters;
        this.load = load;
        this.temporary = temporary;
        this.engine = engine;
    }

    /// <summary>Power without load, for the records of all points; <c>null</c> if it was not asked for.</summary>
    internal Baselines? Baselines { get; private set; }

    private string StepsFile => StepsFileIn(temporary);

    /// <summary>Starts an engine for points of one key, with slots as long as their longest request.</summary>
    /// <param name="points">At least one; all with the same <see cref="EngineArguments.KeyOf"/>.</param>
    /// <param name="meters">What reads power and energy.</param>
    /// <param name="load">How schedules are sent.</param>
    /// <param name="output">Receives what the engine says of itself.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidInputException">A knob has no counterpart in the engine, or the model cannot be served.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
    internal static async Task<EngineSession> StartAsync(
        IReadOnlyList<OperatingPoint> points, MeterCatalog meters, LoadOptions load, TextWriter output, CancellationToken cancellationToken)
    {
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("greenserve-steps-");
        try
        {
            IReadOnlyList<string> arguments = EngineArguments.For(points, StepsFileIn(temporary));
            EngineProcess engine = await EngineProcess.StartAsync(arguments, output, cancellationToken).ConfigureAwait(false);
            return new EngineSession(meters, load, temporary, engine);
        }
        catch
        {
            temporary.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Measures the power of the loaded engine without requests, unless it is known already.</summary>
    /// <param name="store">What was measured before; gets what is measured now.</param>
    /// <param name="key">Which engine this is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task MeasureLoadedIdleAsync(BaselineStore store, string key, CancellationToken cancellationToken)
    {
        BaselineReading loaded = await store.LoadedIdleAsync(key, meters, cancellationToken).ConfigureAwait(false);
        Baselines = BaselineMeasurement.Combine(store.Idle, loaded);
    }

    /// <summary>Runs a point and leaves the record in a new folder, with the engine's steps.</summary>
    /// <param name="point">One of the points the engine was started for.</param>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="cancellationToken">Stops the run; what has ended by then stays recorded.</param>
    internal Task<RunVerdict> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        ServedPoint served = new(point, meters, load)
        {
            Backend = BackendKind.Engine,
            System = point.System,
            Baselines = Baselines,
            ReadSteps = async clock =>
            {
                await WaitUntilIdleAsync().ConfigureAwait(false);
                return EngineStepFile.Read(StepsFile, clock);
            },
        };
        return served.RunAsync(new OpenAiOptions { Endpoint = engine.Endpoint, Seed = point.Seed }, folder, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        temporary.Delete(recursive: true);
    }

    private static string StepsFileIn(DirectoryInfo folder) => Path.Combine(folder.FullName, RunFiles.Steps);

    /// <summary>The engine writes its last steps before it says that nothing is running.</summary>
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

    private static async Task<bool> IsIdleAsync(HttpClient client)
    {
        string text = await client.GetStringAsync(new Uri("metrics", UriKind.Relative)).ConfigureAwait(false);
        double[] counts = [.. text.Split('\n')
            .Where(line => line.StartsWith("vllm:num_requests_running", StringComparison.Ordinal) || line.StartsWith("vllm:num_requests_waiting", StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];
        return counts.Length == 2 && counts.Sum() == 0;
    }
}
