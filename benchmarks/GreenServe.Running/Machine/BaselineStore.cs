using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Running.Machine;

/// <summary>
/// Keeps baselines, so that each is measured once: idle power for the host, loaded-idle power for each model, precision and setting
/// of the GPU. A GPU takes longer to cool than a run takes, so the points of a sweep share baselines. With a file, several sweeps
/// share them too.
/// </summary>
public sealed class BaselineStore
{
    private const string IdleKey = "idle";
    private readonly string? path;
    private readonly SortedDictionary<string, BaselineReading> readings;

    private BaselineStore(string? path, SortedDictionary<string, BaselineReading> readings)
    {
        this.path = path;
        this.readings = readings;
    }

    /// <summary>How baselines are measured.</summary>
    public BaselineOptions Options { get; init; } = new();

    /// <summary>Creates an empty store that is kept in memory.</summary>
    public static BaselineStore InMemory(BaselineOptions? options = null) => new(null, []) { Options = options ?? new BaselineOptions() };

    /// <summary>Opens a store that is kept in a file, or creates the file.</summary>
    /// <exception cref="InvalidInputException">The file is no file of baselines.</exception>
    public static BaselineStore Open(string path, BaselineOptions? options = null)
    {
        SortedDictionary<string, BaselineReading> known = File.Exists(path)
            ? DocumentTree.ReadJson(path).BindWritten<SortedDictionary<string, BaselineReading>>()
            : [];
        return new BaselineStore(path, known) { Options = options ?? new BaselineOptions() };
    }

    /// <summary>The idle power, measured if it is not known yet. No process may run on the GPUs.</summary>
    public Task<BaselineReading> IdleAsync(MeterCatalog meters, IProgress<string> progress, CancellationToken cancellationToken) =>
        KnownOrAsync(
            meters.Gpus.Count > 1 ? $"{IdleKey} {meters.Gpus.Count} GPUs" : IdleKey,
            () => BaselineMeasurement.IdleAsync(meters, Options, progress, cancellationToken));

    /// <summary>The power with the weights in memory and no request, measured if it is not known yet.</summary>
    /// <param name="key">Key of what is loaded and how the GPU is set.</param>
    /// <param name="meters">The meters of the run.</param>
    /// <param name="progress">Receives what is being waited for.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    public Task<BaselineReading> LoadedIdleAsync(
        string key, MeterCatalog meters, IProgress<string> progress, CancellationToken cancellationToken) =>
        KnownOrAsync(key, () => BaselineMeasurement.LoadedIdleAsync(meters, Options, progress, cancellationToken));

    private async Task<BaselineReading> KnownOrAsync(string key, Func<Task<BaselineReading>> measure)
    {
        if (!readings.TryGetValue(key, out BaselineReading? reading))
        {
            readings[key] = reading = await measure().ConfigureAwait(false);
            if (path is not null)
            {
                OutputFile.Replace(path, DocumentContract.Readable(readings));
            }
        }

        return reading;
    }
}
