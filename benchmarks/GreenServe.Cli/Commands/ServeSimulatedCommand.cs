using System.CommandLine;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;

namespace GreenServe.Cli.Commands;

/// <summary><c>greenserve serve simulated</c>: a server that computes nothing.</summary>
internal static class ServeSimulatedCommand
{
    private static readonly Option<double> FirstTokenOption = new("--fixed-first-token")
    {
        Description = "Time from a request to its first token, in seconds, 0 to 3600.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 0.05,
    };

    private static readonly Option<double> GapOption = new("--fixed-gap")
    {
        Description = "Time from token to token, in seconds, 0 to 3600.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 0.01,
    };

    private static readonly Option<int> ChunkOption = new("--tokens-per-chunk")
    {
        Description = "Tokens sent at once, 1 to 1000.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> SendLogOption = new("--send-log")
    {
        Description = "File for the moment of each send, written at the end: request_id,token_index,tokens,timestamp (ns of the host's monotonic clock).",
        HelpName = "CSV",
    };

    private static readonly Option<FaultKind> FaultOption = new("--fault")
    {
        Description = "What the server does wrong.",
        DefaultValueFactory = _ => FaultKind.None,
    };

    private static readonly Option<int> FaultEveryOption = new("--fault-every")
    {
        Description = "One request in this many suffers the fault; at least 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    internal static Command Create()
    {
        ListenOptions listen = new();
        Command command = new("simulated", "Serve tokens at fixed times, with a log of the very moments, for truth tests of clients.")
        {
            FirstTokenOption, GapOption, ChunkOption, SendLogOption, FaultOption, FaultEveryOption,
        };
        listen.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, listen, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ListenOptions listen, CancellationToken cancellationToken)
    {
        Check(parsed);
        SendLog? log = parsed.GetValue(SendLogOption) is null ? null : new SendLog();
        FaultKind fault = parsed.GetValue(FaultOption);
        FrontOptions front = listen.Front(parsed) with
        {
            SendsInline = true,
            SendLog = log,
            Faults = fault == FaultKind.None ? null : new FaultPlan(fault, parsed.GetValue(FaultEveryOption)),
        };
        await using FixedScheduleEngine engine = new(new FixedScheduleOptions
        {
            FirstTokenSeconds = parsed.GetValue(FirstTokenOption),
            TokenGapSeconds = parsed.GetValue(GapOption),
            TokensPerChunk = parsed.GetValue(ChunkOption),
        });
        await listen.ServeAsync(engine, front, parsed, cancellationToken).ConfigureAwait(false);
        log?.Write(parsed.GetValue(SendLogOption)!);
        return ExitCode.Success;
    }

    private static void Check(ParseResult parsed)
    {
        List<Problem> problems = [];
        Require(FirstTokenOption, seconds => seconds is >= 0 and <= 3600, "a number in [0, 3600]");
        Require(GapOption, seconds => seconds is >= 0 and <= 3600, "a number in [0, 3600]");
        Require(ChunkOption, tokens => tokens is >= 1 and <= 1000, "a whole number in [1, 1000]");
        Require(FaultEveryOption, every => every >= 1, "a whole number of at least 1");
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }

        void Require<T>(Option<T> option, Func<T, bool> isGood, string allowed)
        {
            if (parsed.GetValue(option) is { } value && !isGood(value))
            {
                problems.Add(new Problem(option.Name, value, allowed));
            }
        }
    }
}
