using System.Text.Json;
using GreenServe.Metering;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Cli;

/// <summary>
/// Power without load, measured once and kept in a file: idle for the host, loaded-idle for each engine. Waiting until a GPU is cool
/// takes longer than a run, so a campaign does it once.
/// </summary>
internal sealed class BaselineStore
{
    // Long enough for 1 % by the counter's refresh (0.1 s); a campaign cannot wait for the last watt, and the drift is in the error.
    private static readonly BaselineOptions Options = new() { MeasureSeconds = 6, SettlingSeconds = 8, LongestWaitSeconds = 30 };
    private readonly string path;
    private readonly SortedDictionary<string, BaselineReading> readings;

    private BaselineStore(string path, SortedDictionary<string, BaselineReading> readings)
    {
        this.path = path;
        this.readings = readings;
    }

    /// <summary>The idle power; <c>null</c> if nobody tried to measure it.</summary>
    internal BaselineReading? Idle => readings.GetValueOrDefault("idle");

    /// <summary>Opens a file, or begins one.</summary>
    /// <exception cref="InvalidInputException">It is no file of baselines.</exception>
    internal static BaselineStore Open(string path)
    {
        try
        {
            return new BaselineStore(path, File.Exists(path)
                ? JsonSerializer.Deserialize<SortedDictionary<string, BaselineReading>>(File.ReadAllText(path), DocumentContract.Indented) ?? []
                : []);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(new Problem("--baselines", exception.Message, "a file that an earlier sweep wrote, or a new one", path));
        }
    }

    /// <summary>Measures the idle power unless it is known; nothing may run on the GPUs.</summary>
    internal async Task MeasureIdleAsync(MeterCatalog meters, CancellationToken cancellationToken)
    {
        if (Idle is null)
        {
            Keep("idle", await BaselineMeasurement.IdleAsync(meters, Options, cancellationToken: cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>The power with an engine loaded and no request, measured unless it is known.</summary>
    internal async Task<BaselineReading> LoadedIdleAsync(string key, MeterCatalog meters, CancellationToken cancellationToken)
    {
        if (!readings.ContainsKey(key))
        {
            Keep(key, await BaselineMeasurement.LoadedIdleAsync(meters, Options, cancellationToken: cancellationToken).ConfigureAwait(false));
        }

        return readings[key];
    }

    private void Keep(string key, BaselineReading reading)
    {
        readings[key] = reading;
        OutputFile.Replace(path, JsonSerializer.Serialize(readings, DocumentContract.Indented) + "\n");
    }
}
