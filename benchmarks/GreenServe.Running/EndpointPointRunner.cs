using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Running.Machine;
using GreenServe.Running.Points;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs points on a server that is running already and that GreenServe neither starts nor stops.</summary>
/// <param name="context">Meters, load options, progress and clock.</param>
/// <param name="connection">Where and how to reach the server. Each point brings its own seed.</param>
public sealed class EndpointPointRunner(MeasurementContext context, OpenAiOptions connection) : IPointRunner
{
    private readonly MeterPool meters = new(context.Policy.Meters, notices: context.Notices);

    private bool hasWaited;

    /// <inheritdoc />
    public bool RunsConcurrently => false;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => [.. context.Policy.Check(point)];

    /// <inheritdoc />
    public async Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        MeterCatalog catalog = meters.Of(standard: null);
        using PreparedMachine machine = await PreparedMachine
            .PrepareAsync(point, catalog, context, cancellationToken).ConfigureAwait(false);

        // A server that was ready once, or never was, is not waited for again at each point.
        EndpointTarget target = new(connection with { Seed = point.Seed, ReadySeconds = hasWaited ? 0 : connection.ReadySeconds });
        hasWaited = true;
        return await new ServedPoint(point, machine, context).RunAsync(target, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        meters.Dispose();
        return ValueTask.CompletedTask;
    }
}
