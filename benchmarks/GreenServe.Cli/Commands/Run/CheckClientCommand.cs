using System.CommandLine;
using GreenServe.Records;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve check-client</c>: proof that the load generator is not the bottleneck, on this machine.</summary>
internal static class CheckClientCommand
{
    private static readonly Option<int[]> StreamsOption = new("--streams")
    {
        Description = "Streams at once, 1 to 100000; several numbers make several tests.",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 10, 100, 500, 1000],
    };

    private static readonly Option<double> RateOption = new("--rate")
    {
        Description = "Tokens a second of each stream, above 0 to 10000.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<double> SecondsOption = new("--seconds")
    {
        Description = "Length of each stream, in seconds, above 0 to 600.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<bool> Http2Option = new("--http2") { Description = "Speak HTTP/2 instead of HTTP/1.1." };

    private static readonly Option<int?> ReadersOption = new("--readers")
    {
        Description = "Threads that read responses, 1 to 64. Default: one for every eight cores.",
        HelpName = "N",
    };

    private static readonly Option<string?> ServerCoresOption = new("--server-cores")
    {
        Description = "Cores for the server alone, for example 1 or 2-5 (Linux, through taskset); pin the client with taskset itself. Default: any.",
        HelpName = "LIST",
    };

    internal static Command Create()
    {
        Command command = new(
            "check-client",
            "Drive a built-in server in a process of its own and compare every recorded time with the server's own send log.")
        {
            StreamsOption, RateOption, SecondsOption, Http2Option, ReadersOption, ServerCoresOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Check(parsed);
        CheckClientText table = new(parsed.InvocationConfiguration.Output, parsed.GetValue(RateOption));
        table.WriteHeader();
        foreach (int streams in parsed.GetRequiredValue(StreamsOption).Distinct().Order())
        {
            table.Write(await TestAsync(parsed, streams, cancellationToken).ConfigureAwait(false));
        }

        return table.WriteConclusion() ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<CheckClientResult> TestAsync(ParseResult parsed, int streams, CancellationToken cancellationToken)
    {
        double rate = parsed.GetValue(RateOption);
        string folder = Directory.CreateTempSubdirectory("greenserve-check-").FullName;
        try
        {
            string log = Path.Combine(folder, "sends.csv");
            ClientAccuracyLoad load = new(streams, Math.Max(2, (int)(rate * parsed.GetValue(SecondsOption))), RampSeconds: Math.Min(1, streams / 100.0))
            {
                UsesHttp2 = parsed.GetValue(Http2Option),
                Readers = parsed.GetValue(ReadersOption),
            };
            IReadOnlyList<ReceivedRequest> received;
            LoadOutcome outcome;
            double serverCores;
            await using (ServerProcess server = await ServerProcess
                .StartAsync(1 / rate, log, load.UsesHttp2, parsed.GetValue(ServerCoresOption), cancellationToken).ConfigureAwait(false))
            {
                (received, outcome) = await ClientAccuracyCheck.RunAsync(server.Endpoint, load, Path.Combine(folder, "record"), cancellationToken).ConfigureAwait(false);
                serverCores = server.ProcessorSeconds / Math.Max(1e-3, outcome.EndSeconds - outcome.OriginSeconds);
                await server.StopAsync().ConfigureAwait(false);
            }

            ClientAccuracyComparison truth = ClientAccuracyComparison.Of(received, SendLogFile.Read(log), TimeProvider.System.TimestampFrequency);
            return new CheckClientResult(streams, truth, outcome, serverCores);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Check(ParseResult parsed)
    {
        List<Problem> problems = [];
        problems.AddRange(parsed.GetRequiredValue(StreamsOption)
            .Where(streams => streams is < 1 or > 100_000)
            .Select(streams => new Problem("--streams", streams, "whole numbers in [1, 100000]")));
        if (parsed.GetValue(RateOption) is not (> 0 and <= 10_000) and var rate)
        {
            problems.Add(new Problem("--rate", rate, "a number in (0, 10000]"));
        }

        if (parsed.GetValue(SecondsOption) is not (> 0 and <= 600) and var seconds)
        {
            problems.Add(new Problem("--seconds", seconds, "a number in (0, 600]"));
        }

        if (parsed.GetValue(ReadersOption) is (< 1 or > 64) and var readers)
        {
            problems.Add(new Problem("--readers", readers, "a whole number in [1, 64]"));
        }

        if (parsed.GetValue(ServerCoresOption) is { } cores && !(cores.Length > 0 && cores.All(letter => char.IsAsciiDigit(letter) || letter is ',' or '-')))
        {
            problems.Add(new Problem("--server-cores", cores, "numbers of cores, for example 1 or 2-5 or 1,3"));
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
