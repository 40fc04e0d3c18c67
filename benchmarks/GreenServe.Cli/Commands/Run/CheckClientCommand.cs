using System.CommandLine;
using GreenServe.Cli.Live;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Running.Live;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve check-client</c>: how accurate the load generator's times are on this machine, and up to which load.</summary>
internal static class CheckClientCommand
{
    /// <summary>Fewest tokens of a request. With fewer than two there is no gap to compare.</summary>
    private const int MinTokensPerRequest = 2;

    /// <summary>Size of a terminal that nobody has enlarged.</summary>
    private const int UnseenColumns = 80;
    private const int UnseenRows = 24;

    private static readonly Option<int[]> StreamsOption = new Option<int[]>("--streams")
    {
        Description = "Number of streams at the same time, 1 to 100000. Each number given is a load of its own.",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 10, 100, 500, 1000],
    }.Require(value => value is >= 1 and <= 100_000, "whole numbers in [1, 100000]");

    private static readonly Option<double> RateOption = new Option<double>("--rate")
    {
        Description = "Tokens per second of each stream, above 0 to 10000.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    }.Require(value => value is > 0 and <= 10_000, "a number in (0, 10000]");

    private static readonly Option<double> SecondsOption = new Option<double>("--seconds")
    {
        Description = "Length of each stream in seconds, above 0 to 600. A stream is two requests of one user, each half as long.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 5,
    }.Require(value => value is > 0 and <= 600, "a number in (0, 600]");

    private static readonly Option<double> RampOption = new Option<double>("--ramp-seconds")
    {
        Description = "Time over which the streams begin in seconds, 0 to 600, like ramp_seconds of a workload. "
            + "With 0 all begin at once and stay in step, which is the hardest load.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 0,
    }.Require(value => value is >= 0 and <= 600, "a number in [0, 600]");

    private static readonly Option<bool> Http2Option = new("--http2") { Description = "Speak HTTP/2. Default: HTTP/1.1." };

    private static readonly Option<int?> ReadersOption = new Option<int?>("--readers")
    {
        Description = "Number of threads that read responses, 1 to 64. Default: one for every eight cores.",
        HelpName = "N",
    }.Require(value => value is >= 1 and <= 64, "a whole number in [1, 64]");

    private static readonly Option<string?> ServerCoresOption = new("--server-cores")
    {
        Description = "Cores that only the server runs on, for example 1 or 2-5. It works on Linux, through taskset. "
            + "To pin the client, start greenserve with taskset. Default: any core.",
        HelpName = "LIST",
    };

    private static readonly Option<bool> ViewOption = new("--view")
    {
        Description = "Watch the load and draw the view of a run on a terminal, without showing it. The errors are then those of a watched "
            + "run. Default: nobody looks, as with --quiet.",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "check-client",
            "Check how accurate the client's times are on this machine. A built-in server runs in a process of its own, and every time "
            + "that the client records is compared with the server's send log, and the client is judged as in a run. "
            + "Exit code 1 if no load was driven honestly.")
        {
            StreamsOption, RateOption, SecondsOption, RampOption, Http2Option, ReadersOption, ServerCoresOption, ViewOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, context.Clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(parsed);
        CheckClientText table = new(parsed.InvocationConfiguration.Output, parsed.GetValue(RateOption));
        table.WriteHeader();
        foreach (int streams in parsed.GetRequiredValue(StreamsOption).Distinct().Order())
        {
            table.Write(await MeasureAsync(parsed, streams, clock, cancellationToken).ConfigureAwait(false));
        }

        return table.WriteConclusion() ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<CheckClientResult> MeasureAsync(
        ParseResult parsed, int streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = ScratchFolder.Create("check");
        string log = Path.Combine(folder.Path, "sends.csv");
        ClientAccuracyLoad load = LoadOf(parsed, streams);
        IReadOnlyList<ReceivedRequest> received;
        LoadOutcome outcome;
        double serverCores;
        ServerProcessOptions options = new()
        {
            GapSeconds = 1 / parsed.GetValue(RateOption),
            SendLog = log,
            UsesHttp2 = load.UsesHttp2,
            Cores = parsed.GetValue(ServerCoresOption),
        };
        await using (ServerProcess server = await ServerProcess.StartAsync(options, clock, cancellationToken).ConfigureAwait(false))
        {
            LiveRun live = new(clock);
            await using TerminalView? view = parsed.GetValue(ViewOption) ? Unseen(live, clock) : null;
            (received, outcome) = await ClientAccuracyCheck
                .RunAsync(server.Endpoint, load, Path.Combine(folder.Path, "record"), cancellationToken, view is null ? null : live.Show)
                .ConfigureAwait(false);
            serverCores = CoresOf(server, outcome);
            await server.StopAsync().ConfigureAwait(false);
        }

        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of(received, SendLogFile.Read(log), clock.TimestampFrequency);
        return new CheckClientResult(streams, accuracy, outcome, serverCores);
    }

    private static ClientAccuracyLoad LoadOf(ParseResult parsed, int streams)
    {
        int tokens = (int)(parsed.GetValue(RateOption) * parsed.GetValue(SecondsOption) / ClientAccuracyLoad.RequestsPerStream);
        return new ClientAccuracyLoad(streams, Math.Max(MinTokensPerRequest, tokens), parsed.GetValue(RampOption))
        {
            UsesHttp2 = parsed.GetValue(Http2Option),
            Readers = parsed.GetValue(ReadersOption),
        };
    }

    /// <summary>Processor time of the server over the length of the load, in cores.</summary>
    private static double CoresOf(ServerProcess server, LoadOutcome outcome)
    {
        // A load can end in the instant in which it begins, and a millisecond then keeps the quotient finite.
        const double MinSeconds = 1e-3;
        return server.ProcessorSeconds / Math.Max(MinSeconds, outcome.EndSeconds - outcome.OriginSeconds);
    }

    /// <summary>A view that is drawn and not shown.</summary>
    private static TerminalView Unseen(LiveRun live, TimeProvider clock) =>
        TerminalView.Start(live, TextWriter.Null, hasColors: true, static () => (UnseenColumns, UnseenRows), clock);

    private static void Check(ParseResult parsed)
    {
        if (parsed.GetValue(ServerCoresOption) is { } cores && !IsListOfCores(cores))
        {
            throw new InvalidInputException(
                new Problem(ServerCoresOption.Name, cores, "numbers of cores, for example 1 or 2-5 or 1,3"));
        }
    }

    private static bool IsListOfCores(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiDigit(letter) || letter is ',' or '-');
}
