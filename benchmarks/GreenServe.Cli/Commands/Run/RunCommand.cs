using System.CommandLine;
using GreenServe.Cli.Running;
using GreenServe.Cli.Terminal;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve run</c>: one workload, one operating point, one run record.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> WorkloadArgument = new("WORKLOAD")
    {
        Description = $"A workload file, or a name of the catalogue: {string.Join(", ", WorkloadCatalog.Names)}.",
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Folder of the run record; must be new or empty.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("runs", $"{DateTime.UtcNow:yyyyMMdd-HHmmss}"),
    };

    private static readonly Option<string> TraceOption = new("--trace")
    {
        Description = "Trace file for a workload whose arrival or lengths are of kind trace. Default: the file that the workload names.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TraceEventsOption = new("--trace-events")
    {
        Description = "File for a trace of the simulated steps, queue, clock and power (Chrome trace events; opens in Perfetto). Simulated backend only.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> ClusterOption = new("--cluster")
    {
        Description = "File of a cluster (*.cluster.yaml, see docs/simulator.md) to serve it in the place of one instance. Simulated backend only; hardware, engine and knobs are the file's.",
        HelpName = "FILE",
    };

    private static readonly Option<ulong?> SeedOption = new("--seed")
    {
        Description = "Seed of every random sequence, 0 to 2^53 - 1. Default: the workload's.",
        HelpName = "N",
    };

    internal static Command Create()
    {
        PointOptions options = new();
        ServerOptions server = new();
        Command command = new("run", "Serve one workload at one operating point and leave a run record. Exit code 4 if the run is INVALID.")
        {
            WorkloadArgument,
            OutOption,
            TraceOption,
            TraceEventsOption,
            ClusterOption,
            SeedOption,
        };
        options.AddTo(command);
        server.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(ClusterOption) is not null && options.BackendOf(result) != BackendKind.Simulated)
            {
                result.AddError("--cluster: got it with a backend that is not simulated, want --backend simulated");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, server, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, PointOptions options, ServerOptions server, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(OutOption);
        OperatingPoint point = options.Point(parsed, ReadWorkload(parsed));
        RunVerdict verdict = options.Backend(parsed) switch
        {
            BackendKind.Simulated => Simulate(point, folder, parsed.GetValue(ClusterOption), parsed.GetValue(TraceEventsOption)),
            BackendKind.OpenAI => await ServeAsync(parsed, point, options, server, folder, cancellationToken).ConfigureAwait(false),
            BackendKind.Engine => await ServeEngineAsync(parsed, point, server, folder, cancellationToken).ConfigureAwait(false),
            BackendKind other => throw new UnavailableException($"--backend {EnumText.Of(other)} cannot run here."),
        };
        RunSummaryText.Write(RunRecord.Read(folder), parsed.InvocationConfiguration.Output);
        return verdict.IsValid ? ExitCode.Success : ExitCode.InvalidRun;
    }

    private static RunVerdict Simulate(OperatingPoint point, string folder, string? cluster, string? traceEvents)
    {
        if (traceEvents is not null && (File.Exists(traceEvents) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(traceEvents)))))
        {
            throw new InvalidInputException(new Problem("--trace-events", traceEvents, "a new file in a folder that exists"));
        }

        if (cluster is not null)
        {
            return new SimulatedClusterPoint(point.Workload, cluster).Run(folder, traceEvents);
        }

        SimulatedPoint simulated = new(point);
        return simulated.Check() is { Count: > 0 } problems ? throw new InvalidInputException(problems) : simulated.Run(folder, traceEvents);
    }

    private static async Task<RunVerdict> ServeAsync(
        ParseResult parsed, OperatingPoint point, PointOptions options, ServerOptions server, string folder, CancellationToken cancellationToken)
    {
        OpenAiOptions connection = server.Connection(parsed, point.Seed, options.ModelName(parsed));
        LoadOptions load = server.Load(parsed);
        ServerDefinition? started = server.Server(parsed);
        MeasurementPolicy measuring = server.Measuring(parsed, point);
        TextWriter output = parsed.InvocationConfiguration.Output;
        using MeterCatalog meters = server.Meters(parsed);
        if (started is not null)
        {
            return await new LaunchedPoint(point, started, meters, load, measuring)
                .RunAsync(connection, folder, output, cancellationToken).ConfigureAwait(false);
        }

        using PreparedMachine conditions = await PreparedMachine
            .PrepareAsync(point, meters, measuring, new TerminalProgress(output), cancellationToken).ConfigureAwait(false);
        return await new ServedPoint(point, conditions, load).RunAsync(connection, folder, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<RunVerdict> ServeEngineAsync(
        ParseResult parsed, OperatingPoint point, ServerOptions server, string folder, CancellationToken cancellationToken)
    {
        if (EngineArguments.Check(point).ToArray() is { Length: > 0 } problems)
        {
            throw new InvalidInputException(problems);
        }

        LoadOptions load = server.Load(parsed);
        MeasurementPolicy measuring = server.Measuring(parsed, point);
        using MeterCatalog meters = server.Meters(parsed, EnginePoint.OwnMeters(point));
        return await new EnginePoint(point, meters, load, measuring)
            .RunAsync(folder, parsed.InvocationConfiguration.Output, cancellationToken).ConfigureAwait(false);
    }

    private static Workload ReadWorkload(ParseResult parsed)
    {
        Workload workload = WorkloadCatalog.Read(parsed.GetRequiredValue(WorkloadArgument));
        if (parsed.GetValue(TraceOption) is { } trace)
        {
            workload = workload.WithTrace(trace);
        }

        return parsed.GetValue(SeedOption) is { } seed ? workload with { Seed = seed } : workload;
    }
}
