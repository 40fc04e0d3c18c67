using GreenServe.Cli.Terminal;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Running;

/// <summary>An operating point on a foreign server that is started for it alone, with the point's knobs on its command line.</summary>
/// <param name="point">What is asked.</param>
/// <param name="definition">The server.</param>
/// <param name="meters">What reads power and energy.</param>
/// <param name="load">How the schedule is sent.</param>
/// <param name="measuring">What may be changed on the machine, and what is measured before the load.</param>
internal sealed class LaunchedPoint(
    OperatingPoint point, ServerDefinition definition, MeterCatalog meters, LoadOptions load, MeasurementPolicy measuring)
{
    private const string LogName = "server.log";

    /// <summary>Every reason why the point cannot be told to the server.</summary>
    internal static IEnumerable<Problem> Check(OperatingPoint point, ServerDefinition definition)
    {
        try
        {
            _ = ServerCommand.For(definition, point.Workload.Model, point.Knobs, port: definition.Port ?? 1);
            return [];
        }
        catch (InvalidInputException exception)
        {
            return exception.Problems;
        }
    }

    /// <summary>Starts the server, runs the point, stops the server, and leaves the record and the server's log in a new folder.</summary>
    /// <param name="connection">How to speak to it; the endpoint is the server's.</param>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="output">Receives what is being waited for.</param>
    /// <param name="cancellationToken">Stops the run and the server.</param>
    /// <exception cref="UnavailableException">The server did not come up; with the end of its log.</exception>
    internal async Task<RunVerdict> RunAsync(OpenAiOptions connection, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        using PreparedMachine conditions = await PreparedMachine
            .PrepareAsync(point, meters, measuring, new TerminalProgress(output), cancellationToken).ConfigureAwait(false);
        ServerCommand command = ServerCommand.For(definition, point.Workload.Model, point.Knobs, definition.Port ?? LaunchedServer.FreePort());
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("greenserve-server-");
        string log = Path.Combine(temporary.FullName, LogName);
        using IDisposable hold = StopSignals.Hold();
        try
        {
            RunVerdict verdict;
            await using (LaunchedServer server = await LaunchedServer
                .StartAsync(command, log, cancellationToken, StopSignals.Servers).ConfigureAwait(false))
            {
                OpenAiOptions options = connection with { Endpoint = server.Endpoint, Dialect = connection.Dialect ?? command.Dialect };
                ServedPoint served = new(point, conditions, load)
                {
                    MetricsAddress = server.Metrics,
                    ServerReasons = () => server.ReasonAgainst is { } objection ? [objection] : [],
                };
                verdict = await served.RunAsync(options, folder, cancellationToken).ConfigureAwait(false);
            }

            File.Copy(log, Path.Combine(folder, LogName));
            return verdict;
        }
        catch (UnavailableException exception) when (File.Exists(log))
        {
            // The record's folder must stay free for another try.
            string kept = $"{Path.TrimEndingDirectorySeparator(folder)}.{LogName}";
            File.Copy(log, kept, overwrite: true);
            throw new UnavailableException($"{exception.Message}\nIts whole log: {kept}");
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }
}
