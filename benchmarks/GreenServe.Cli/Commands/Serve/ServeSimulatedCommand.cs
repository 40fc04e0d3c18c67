using System.CommandLine;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Engine.Simulated;
using GreenServe.Records;
using GreenServe.Running.Processes;

namespace GreenServe.Cli.Commands.Serve;

/// <summary><c>greenserve serve simulated</c>: a server that computes nothing.</summary>
internal static class ServeSimulatedCommand
{
    private static readonly Option<string?> SendLogOption = new("--send-log")
    {
        Description = "File for the moment of each send, written at the end: request_id,token_index,tokens,timestamp (ns of the host's monotonic clock).",
        HelpName = "CSV",
    };

    private static readonly Option<FaultKind> FaultOption = new("--fault")
    {
        Description = "What the server does wrong, for testing clients.",
        DefaultValueFactory = _ => FaultKind.None,
    };

    private static readonly Option<int> FaultEveryOption = new("--fault-every")
    {
        Description = "One request in this many suffers the fault; at least 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    internal static Command Create(ProcessLifetime lifetime)
    {
        ListenOptions listen = new(lifetime);
        FixedScheduleSettings times = new();
        SimulatedSystemOptionSet system = new();
        Command command = new(
            "simulated",
            "Serve the simulated engine in wall-clock time. With --fixed-gap or --fixed-first-token: tokens at fixed times instead, "
            + "with a log of the very moments, for truth tests of clients.")
        {
            SendLogOption, FaultOption, FaultEveryOption,
        };
        system.AddTo(command);
        times.AddTo(command);
        listen.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, listen, times, system, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, ListenOptions listen, FixedScheduleSettings times, SimulatedSystemOptionSet system,
        CancellationToken cancellationToken)
    {
        bool isFixed = times.AreGiven(parsed);
        SendLog? log = parsed.GetValue(SendLogOption) is null ? null : new SendLog();
        HttpServerOptions options = listen.ServerOptionsOf(parsed) with { SendsInline = isFixed, SendLog = log, Faults = Faults(parsed) };
        await using IInferenceEngine engine = isFixed
            ? new FixedScheduleEngine(times.Read(parsed))
            : SimulatedRunner.CreateEngine(system.Read(parsed), TimeProvider.System);
        await listen.ServeAsync(engine, options, parsed, cancellationToken).ConfigureAwait(false);
        log?.Write(parsed.GetValue(SendLogOption)!);
        return ExitCode.Success;
    }

    private static FaultPlan? Faults(ParseResult parsed)
    {
        FaultKind kind = parsed.GetValue(FaultOption);
        int every = parsed.GetValue(FaultEveryOption);
        return every < 1 ? throw new InvalidInputException(new Problem(FaultEveryOption.Name, every, "a whole number of at least 1"))
            : kind == FaultKind.None ? null
            : new FaultPlan(kind, every);
    }
}
