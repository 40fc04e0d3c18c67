using System.Security.Cryptography;
using System.Text;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Engines;
using GreenServe.Running.Machine;
using GreenServe.Running.Points;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs points on the built-in engine, which is started once for all points that ask the same of it.</summary>
/// <param name="context">Meters, load options, progress and clock.</param>
/// <param name="planned">The points that will run, as far as they are known: an engine gets room for their longest request.</param>
/// <param name="output">Receives what the engine prints.</param>
public sealed class EnginePointRunner(MeasurementContext context, IReadOnlyList<OperatingPoint> planned, TextWriter output) : IPointRunner
{
    private readonly MeterPool meters = new(context.Policy.Meters);
    private readonly Dictionary<string, UnavailableException> failedStarts = [];
    private EngineSession? session;

    /// <inheritdoc />
    public bool RunsConcurrently => false;

    /// <summary>
    /// The meters that see a point and nothing else: those of the processor, or those of the GPUs that compute. Idle neighbours would be
    /// counted into each token.
    /// </summary>
    public static MeterOptions OwnMeters(OperatingPoint point) => EngineArguments.IsCpu(point.System)
        ? new MeterOptions { Gpus = "none" }
        : new MeterOptions { Gpus = "cuda", GpuLimit = point.Knobs.TensorParallelism };

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => [.. EngineArguments.Check(point), .. context.Policy.Check(point)];

    /// <summary>
    /// Points that share an engine follow each other. Their repetitions come one round after the other, each round in an order of its own,
    /// so that a drift of the host looks like spread and not like an effect.
    /// </summary>
    /// <remarks>The order looks random and is the same every time: it follows a hash of the points' names.</remarks>
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) =>
    [
        .. points
            .OrderBy(point => point.Repetition)
            .ThenBy(point => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(point.Id))), StringComparer.Ordinal)
            .GroupBy(EngineArguments.KeyOf)
            .SelectMany(group => group),
    ];

    /// <inheritdoc />
    public async Task<RunVerdict> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        MeterCatalog catalog = meters.Of(OwnMeters(point));
        EngineSession engine = await EngineForAsync(point, catalog, cancellationToken).ConfigureAwait(false);
        using PreparedMachine machine = await PreparedMachine
            .PrepareAsync(point, catalog, context, cancellationToken).ConfigureAwait(false);
        return await new ServedPoint(point, machine, context)
            .RunAsync(engine.TargetOf(point), folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync().ConfigureAwait(false);
        meters.Dispose();
    }

    /// <summary>
    /// The engine that is running if it can serve the point, or else a new one. An engine that could not be started is not tried again.
    /// </summary>
    private async Task<EngineSession> EngineForAsync(OperatingPoint point, MeterCatalog catalog, CancellationToken cancellationToken)
    {
        if (session?.Serves(point) == true)
        {
            return session;
        }

        await StopEngineAsync().ConfigureAwait(false);
        string key = EngineArguments.KeyOf(point);
        if (failedStarts.TryGetValue(key, out UnavailableException? failure))
        {
            throw new UnavailableException(failure.Message);
        }

        if (context.Policy.Baselines == BaselineChoice.All)
        {
            // Nothing is idle any more once the engine is on the device.
            await context.Policy.Store.IdleAsync(catalog, context.Progress, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            OperatingPoint[] sharing = [point, .. planned.Where(other => EngineArguments.KeyOf(other) == key)];
            return session = await EngineSession.StartAsync(sharing, context, output, cancellationToken).ConfigureAwait(false);
        }
        catch (UnavailableException exception)
        {
            failedStarts[key] = exception;
            throw;
        }
    }

    private async Task StopEngineAsync()
    {
        if (session is { } running)
        {
            session = null;
            await running.DisposeAsync().ConfigureAwait(false);
        }
    }
}
