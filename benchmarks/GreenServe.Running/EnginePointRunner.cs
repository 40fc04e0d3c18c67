using System.Security.Cryptography;
using System.Text;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Running.Machine;
using GreenServe.Running.Points;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs points on the built-in engine. One engine serves all points that need the same model and settings.</summary>
/// <param name="context">Meters, load options, progress and clock.</param>
/// <param name="planned">The points that will run, as far as they are known. An engine gets room for their longest request.</param>
/// <param name="output">Receives what the engine prints.</param>
public sealed class EnginePointRunner(MeasurementContext context, IReadOnlyList<OperatingPoint> planned, TextWriter output) : IPointRunner
{
    private readonly MeterPool meters = new(context.Policy.Meters, notices: context.Notices);
    private readonly Dictionary<string, UnavailableException> failedStarts = [];
    private EngineSession? session;

    /// <inheritdoc />
    public bool RunsConcurrently => false;

    /// <summary>
    /// The meters that read only the devices of a point: those of the processor, or those of the GPUs that compute. Energy of idle
    /// GPUs beside them would be counted into each token.
    /// </summary>
    public static MeterOptions OwnMeters(OperatingPoint point) => EngineArguments.IsCpu(point.System)
        ? new MeterOptions { Gpus = "none" }
        : new MeterOptions { Gpus = "cuda", GpuLimit = point.Knobs.TensorParallelism ?? 1 };

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => [.. EngineArguments.Check(point), .. context.Policy.Check(point)];

    /// <summary>
    /// Orders points so that those that share an engine follow each other. Repetitions come round by round, each round in an order
    /// of its own, so that a drift of the host looks like random spread and not like an effect.
    /// </summary>
    /// <remarks>The order looks random and is always the same: it follows a hash of the points' names.</remarks>
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) =>
    [
        .. points
            .OrderBy(point => point.Repetition)
            .ThenBy(point => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(point.Id))), StringComparer.Ordinal)
            .GroupBy(EngineArguments.KeyOf)
            .SelectMany(group => group),
    ];

    /// <inheritdoc />
    public async Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        MeterCatalog catalog = meters.Of(OwnMeters(point));
        point = point with { Knobs = EngineArguments.Effective(point), System = AsRead(point.System, catalog) };
        EngineSession engine = await EngineForAsync(point, catalog, cancellationToken).ConfigureAwait(false);
        using PreparedMachine machine = await PreparedMachine
            .PrepareAsync(point, catalog, context, cancellationToken).ConfigureAwait(false);
        return await new ServedPoint(point, machine, context)
            .RunAsync(engine.TargetOf(point), folder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The system with the accelerator that the driver names. What an experiment states may be the accelerator of another machine.
    /// </summary>
    /// <param name="stated">The system that was asked for.</param>
    /// <param name="catalog">The meters of the run, which know the accelerators that they read.</param>
    internal static ServingSystem AsRead(ServingSystem stated, MeterCatalog catalog)
    {
        if (EngineArguments.IsCpu(stated) || catalog.Gpus.Count == 0)
        {
            return stated;
        }

        string read = catalog.Gpus[0].Description.Split(" (", 2)[0].Trim();
        return stated with { Gpu = GpuCatalog.TryFind(read)?.Name ?? read };
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync().ConfigureAwait(false);
        meters.Dispose();
    }

    /// <summary>
    /// Returns the running engine if it can serve the point, and otherwise starts a new one. An engine that could not be started is
    /// not tried again.
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

        await context.HostSpeedAsync(cancellationToken).ConfigureAwait(false);
        if (context.Policy.Baselines == BaselineChoice.All)
        {
            // The idle baseline must be measured before the engine starts; with the engine on the device nothing is idle.
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
