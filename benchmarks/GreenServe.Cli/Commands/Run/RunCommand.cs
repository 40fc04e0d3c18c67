using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Results;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Live;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Running;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve run</c>: one workload, one operating point, one run record.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> WorkloadArgument = new("WORKLOAD")
    {
        Description = $"A workload file, or a name of the catalog: {string.Join(", ", WorkloadCatalog.Names)}.",
    };

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "Folder of the run record. It must be new or empty. Default: runs/ and the time in UTC, as runs/yyyyMMdd-HHmmss.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> TraceOption = new("--trace")
    {
        Description = "Trace file for a workload whose arrivals or lengths come from a trace. Default: the file that the workload names.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TraceEventsOption = new("--trace-events")
    {
        Description = "File for a trace of the simulated steps, queue, clock and power, as Chrome trace events that Perfetto opens. "
            + "Only where the server is simulated. Default: no trace.",
        HelpName = "FILE",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new("run", "Serve one workload at one operating point and leave a run record. Exit code 4 if the run is INVALID.")
        {
            WorkloadArgument,
            OutOption,
            TraceOption,
        };
        LoadOptionSet load = new();
        load.AddTo(command);
        ArrivalOptionSet arrivals = new();
        arrivals.AddTo(command);
        BackendOptionSet backends = BackendOptionSet.AddedTo(command, offersCluster: true);
        backends.Uses.Add(command, ServerKinds.Simulated, TraceEventsOption);
        PointOptionSet options = new();
        options.AddTo(command, backends.Uses);
        RecordOptionSet record = new(TableFormat.Auto);
        record.AddTo(command, backends.Uses);
        ServerOptionSet server = new(context, backends);
        server.AddTo(command);
        LiveOptionSet live = new(context);
        live.AddTo(command);
        ResultOptionSet result = new();
        result.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            result.Require(parsed);
            ServerKinds chosen = backends.Choose(parsed);
            Workload workload = load.Apply(parsed, arrivals.Apply(parsed, ReadWorkload(parsed)));
            OperatingPoint point = options.Point(parsed, workload, backends, chosen);
            PointRunnerOptions runner = server.Runner(parsed, chosen, [point], options.ModelName(parsed));
            runner = record.Apply(parsed, runner, chosen) with { TraceEventsFile = parsed.GetValue(TraceEventsOption) };
            string folder = parsed.GetValue(OutOption) ?? DefaultFolder(context.Clock);
            return RunAsync(parsed, live, result, point, runner, folder, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        LiveOptionSet live,
        ResultOptionSet result,
        OperatingPoint point,
        PointRunnerOptions options,
        string folder,
        CancellationToken cancellationToken)
    {
        RunRecord record = await live
            .ShowAsync(parsed, point.Workload.Name, options, MeasureAsync, cancellationToken).ConfigureAwait(false);

        RunSummaryText.Write(record, parsed.InvocationConfiguration.Output);
        int code = record.Manifest.Verdict.IsValid ? ExitCode.Success : ExitCode.InvalidRun;
        result.Write(parsed, () => new ResultDocument
        {
            Command = "run",
            ExitCode = code,
            IsInterrupted = record.Manifest.Verdict.IsInterrupted,
            Points = [ResultPoint.Of(new ExperimentRun(folder, RunMetrics.Of(record)))],
        });
        return code;

        async Task<RunRecord> MeasureAsync(ShownRun shown)
        {
            shown.Live.Plan(points: 1);
            await using IPointRunner runner = PointRunner.Open(shown.Options);
            runner.RequireRunnable(point);
            return await runner.RunAsync(point, folder, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The folder of a run that starts now. Its name sorts by time.</summary>
    internal static string DefaultFolder(TimeProvider clock) =>
        Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd-HHmmss}"));

    private static Workload ReadWorkload(ParseResult parsed)
    {
        Workload workload = WorkloadCatalog.Read(parsed.GetRequiredValue(WorkloadArgument));
        return parsed.GetValue(TraceOption) is { } trace ? workload.WithTrace(trace) : workload;
    }
}
