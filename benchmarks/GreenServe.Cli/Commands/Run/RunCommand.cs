using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Running;
using GreenServe.Running.Processes;
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
        Description = "File for a trace of the simulated steps, queue, clock and power (Chrome trace events; opens in Perfetto). "
            + "Simulated backend only.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> ClusterOption = new("--cluster")
    {
        Description = "File of a cluster (*.cluster.yaml, see docs/simulator.md) that serves in the place of one instance. "
            + "Simulated backend only; hardware, engine and knobs are the file's.",
        HelpName = "FILE",
    };

    private static readonly Option<ulong?> SeedOption = new("--seed")
    {
        Description = "Seed of every random sequence, 0 to 2^53 - 1. Default: the workload's.",
        HelpName = "N",
    };

    internal static Command Create(ProcessLifetime lifetime)
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
        command.SetAction((parsed, cancellationToken) =>
        {
            OperatingPoint point = options.Point(parsed, ReadWorkload(parsed));
            PointRunnerOptions runner = server.Runner(parsed, options, point, lifetime) with
            {
                ClusterFile = parsed.GetValue(ClusterOption),
                TraceEventsFile = parsed.GetValue(TraceEventsOption),
            };
            return RunAsync(parsed, point, runner, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, OperatingPoint point, PointRunnerOptions options, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(OutOption);
        await using IPointRunner runner = PointRunner.Open(options);
        runner.RequireRunnable(point);
        RunVerdict verdict = await runner.RunAsync(point, folder, cancellationToken).ConfigureAwait(false);

        RunSummaryText.Write(RunRecord.Read(folder), parsed.InvocationConfiguration.Output);
        return verdict.IsValid ? ExitCode.Success : ExitCode.InvalidRun;
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
