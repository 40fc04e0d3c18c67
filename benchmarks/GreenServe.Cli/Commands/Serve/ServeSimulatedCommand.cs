using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Http;
using GreenServe.Engine.Simulated;
using GreenServe.Records;
using GreenServe.Simulation.Physics;

namespace GreenServe.Cli.Commands.Serve;

/// <summary><c>greenserve serve simulated</c>: a server that waits as long as inference would take, and computes nothing.</summary>
internal static class ServeSimulatedCommand
{
    private static readonly Option<string?> SendLogOption = new("--send-log")
    {
        Description = "CSV file for the moment of each send: request_id, token_index, tokens, timestamp. The timestamp is in nanoseconds "
            + "of the host's monotonic clock. The file is written when the server stops. Default: no file.",
        HelpName = "FILE",
    };

    private static readonly Option<FaultKind> FaultOption = new("--fault")
    {
        Description = "What the server does wrong, to test clients.",
        DefaultValueFactory = _ => FaultKind.None,
    };

    private static readonly Option<int> FaultEveryOption = new Option<int>("--fault-every")
    {
        Description = "One request in this many gets the fault, at least 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    }.Require(value => value >= 1, "a whole number of at least 1");

    internal static Command Create(CommandContext context)
    {
        OptionSets options = new(new ListenOptionSet(context), new FixedScheduleOptionSet(), new SimulatedSystemOptionSet());
        Command command = new(
            "simulated",
            "Serve the simulated engine in wall-clock time. Its simulated energy is at /metrics under the names of dcgm-exporter, marked "
            + "as simulated. With --fixed-gap or --fixed-first-token the server sends tokens at fixed times "
            + "instead, and --send-log records when it did, to check the accuracy of clients.")
        {
            SendLogOption, FaultOption, FaultEveryOption,
        };
        options.System.AddTo(command);
        options.Times.AddTo(command);
        options.Listen.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, context.Clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, OptionSets options, TimeProvider clock, CancellationToken cancellationToken)
    {
        bool isFixed = options.Times.AreGiven(parsed);
        if (isFixed)
        {
            options.System.RequireNone(parsed);
        }

        string? logFile = parsed.GetValue(SendLogOption);
        if (logFile is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(logFile))))
        {
            // The log is written at the end, where a mistake would cost everything that was logged.
            throw new InvalidInputException(new Problem(SendLogOption.Name, logFile, "a file in a folder that exists"));
        }

        SendLog? log = logFile is null ? null : new SendLog();
        SimulatedSystem? system = isFixed ? null : options.System.Read(parsed);
        if (system?.HostScaling is { } scaling)
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(scaling.Sentence).ConfigureAwait(false);
        }

        SimulatedRunner? runner = system is null ? null : new SimulatedRunner(system, clock);
        HttpServerOptions httpServer = options.Listen.Read(parsed) with
        {
            Meter = runner?.Meter,
            SendsInline = isFixed,
            SendLog = log,
            Faults = Faults(parsed),
        };
        await using IInferenceEngine engine = runner is null
            ? new FixedScheduleEngine(options.Times.Read(parsed))
            : runner.CreateEngine();
        await options.Listen.ServeAsync(engine, httpServer, parsed, cancellationToken).ConfigureAwait(false);
        log?.Write(logFile!);
        return ExitCode.Success;
    }

    private static FaultPlan? Faults(ParseResult parsed)
    {
        FaultKind kind = parsed.GetValue(FaultOption);
        if (kind == FaultKind.None && parsed.IsGiven(FaultEveryOption))
        {
            throw new InvalidInputException(new Problem(FaultEveryOption.Name, "it without a fault", $"{FaultOption.Name} with it"));
        }

        return kind == FaultKind.None ? null : new FaultPlan(kind, parsed.GetValue(FaultEveryOption));
    }

    private sealed record OptionSets(ListenOptionSet Listen, FixedScheduleOptionSet Times, SimulatedSystemOptionSet System);
}
