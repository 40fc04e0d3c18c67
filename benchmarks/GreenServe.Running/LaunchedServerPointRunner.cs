using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using GreenServe.Running.Machine;
using GreenServe.Running.Points;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs points on a foreign server that GreenServe starts with the points' knobs on its command line.</summary>
/// <param name="context">Meters, load options, progress and clock.</param>
/// <param name="definition">Definition of the server to start.</param>
/// <param name="connection">
/// How to send requests to the server; its endpoint and seed are replaced. <c>null</c> for the defaults.
/// </param>
/// <param name="sharedLog">
/// Log file of a server that all points with the same model and knobs share. <c>null</c> means a server of its own for each point,
/// whose log is copied into the record.
/// </param>
public sealed class LaunchedServerPointRunner(
    MeasurementContext context, ServerDefinition definition, OpenAiOptions? connection = null, string? sharedLog = null) : IPointRunner
{
    /// <summary>Name of the file in a record that holds the log of a server of its own.</summary>
    internal const string LogName = "server.log";

    private readonly MeterPool meters = new(context.Policy.Meters, notices: context.Notices);
    private RunningServer? shared;

    /// <inheritdoc />
    public bool RunsConcurrently => false;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => InvalidInputException.ProblemsOf(() =>
    {
        _ = CommandFor(point, definition.Port ?? 1);
        return context.Policy.Check(point);
    });

    /// <inheritdoc />
    public async Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        using IDisposable hold = context.Lifetime.Hold();
        return sharedLog is null
            ? await RunAloneAsync(point, folder, cancellationToken).ConfigureAwait(false)
            : await RunSharedAsync(point, sharedLog, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopSharedAsync().ConfigureAwait(false);
        meters.Dispose();
    }

    private async Task<RunRecord> RunAloneAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        using ScratchFolder scratch = ScratchFolder.Create("server");
        string log = Path.Combine(scratch.Path, LogName);
        try
        {
            RunRecord record;
            await using (RunningServer server = await StartAsync(point, log, cancellationToken).ConfigureAwait(false))
            {
                record = await ServeAsync(point, server, folder, cancellationToken).ConfigureAwait(false);
            }

            Keep(log, Path.Combine(folder, LogName));
            return record;
        }
        catch (UnavailableException exception) when (File.Exists(log))
        {
            // The log is kept beside the record's folder, which must stay free for another attempt.
            string kept = $"{Path.TrimEndingDirectorySeparator(folder)}.{LogName}";
            Keep(log, kept);
            throw new UnavailableException($"{exception.Message}\nIts whole log: {kept}");
        }
    }

    private static void Keep(string log, string path) => OutputFile.Replace(path, stream =>
    {
        using FileStream source = File.OpenRead(log);
        source.CopyTo(stream);
    });

    private async Task<RunRecord> RunSharedAsync(OperatingPoint point, string log, string folder, CancellationToken cancellationToken)
    {
        if (shared?.Serves(point) != true)
        {
            await StopSharedAsync().ConfigureAwait(false);
            shared = await StartAsync(point, log, cancellationToken).ConfigureAwait(false);
        }

        return await ServeAsync(point, shared!, folder, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RunningServer> StartAsync(OperatingPoint point, string log, CancellationToken cancellationToken)
    {
        await context.HostSpeedAsync(cancellationToken).ConfigureAwait(false);
        PreparedMachine machine = await PreparedMachine
            .PrepareAsync(point, meters.Of(standard: null), context, cancellationToken).ConfigureAwait(false);
        try
        {
            ServerCommand command = CommandFor(point, definition.Port ?? LaunchedServer.FreePort());
            context.Live.Enter(LivePhase.WaitingForServer, $"starting the server: {Path.GetFileName(command.Command[0])}");
            LaunchedServer server = await LaunchedServer
                .StartAsync(command, log, cancellationToken, context.Lifetime.Servers).ConfigureAwait(false);
            return new RunningServer(point, machine, server, command);
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    private Task<RunRecord> ServeAsync(OperatingPoint point, RunningServer server, string folder, CancellationToken cancellationToken)
    {
        OpenAiOptions options = (connection ?? new OpenAiOptions { Endpoint = server.Launched.Endpoint }) with
        {
            Endpoint = server.Launched.Endpoint,
            Dialect = connection?.Dialect ?? server.Command.Dialect,
            Seed = point.Seed,
        };
        LaunchedTarget target = new(server.Launched, options);
        return new ServedPoint(point, server.Machine, context).RunAsync(target, folder, cancellationToken);
    }

    private ServerCommand CommandFor(OperatingPoint point, int port) =>
        ServerCommand.For(definition, point.Workload.Model, point.Knobs, port);

    private async Task StopSharedAsync()
    {
        if (shared is { } running)
        {
            shared = null;
            await running.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A server that is running, and the machine that was prepared before the server started.</summary>
    private sealed class RunningServer(OperatingPoint point, PreparedMachine machine, LaunchedServer server, ServerCommand command)
        : IAsyncDisposable
    {
        internal PreparedMachine Machine => machine;

        internal LaunchedServer Launched => server;

        internal ServerCommand Command => command;

        internal bool Serves(OperatingPoint other) =>
            server.ReasonAgainst is null && other.Workload.Model == point.Workload.Model && other.Knobs == point.Knobs;

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync().ConfigureAwait(false);
            machine.Dispose();
        }
    }

    private sealed class LaunchedTarget(LaunchedServer server, OpenAiOptions options) : ServedTarget
    {
        internal override OpenAiOptions Connection => options;

        internal override Uri Metrics => server.Metrics;

        internal override IEnumerable<VerdictReason> Reasons() => server.ReasonAgainst is { } reason ? [reason] : [];
    }
}
