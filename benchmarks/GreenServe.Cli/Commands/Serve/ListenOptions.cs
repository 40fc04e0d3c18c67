using System.CommandLine;
using System.Net;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Running.Processes;

namespace GreenServe.Cli.Commands.Serve;

/// <summary>The options of everything that listens, and the life of a server from first to last.</summary>
/// <param name="lifetime">A server that is stopping is waited for.</param>
internal sealed class ListenOptions(ProcessLifetime lifetime)
{
    private readonly Option<int> port = new("--port")
    {
        Description = "TCP port, 0 to 65535; 0 takes a free one.",
        HelpName = "N",
        DefaultValueFactory = _ => 8000,
    };

    private readonly Option<string> address = new("--address")
    {
        Description = "IP address to listen on. There is no TLS: think before leaving the loopback.",
        HelpName = "IP",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> apiKey = new("--api-key-env")
    {
        Description = "Name of the environment variable that holds the key clients must send. Default: no key.",
        HelpName = "NAME",
    };

    private readonly Option<bool> http2 = new("--http2") { Description = "Speak HTTP/2 without TLS, and only that." };

    private readonly Option<double> grace = new("--stop-grace")
    {
        Description = "How long requests in flight may go on after a stop, in seconds.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<bool> stopWithInput = new("--stop-with-stdin")
    {
        Description = "Stop when the standard input closes, so that a server never outlives the process that started it.",
    };

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { port, address, http2, apiKey, grace, stopWithInput })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">All options that cannot be used.</exception>
    internal HttpServerOptions ServerOptionsOf(ParseResult parsed)
    {
        List<Problem> problems = [];
        int number = parsed.GetValue(port);
        if (number is < 0 or > 65_535)
        {
            problems.Add(new Problem("--port", number, "a whole number in [0, 65535]"));
        }

        if (!IPAddress.TryParse(parsed.GetRequiredValue(address), out IPAddress? ip))
        {
            problems.Add(new Problem("--address", parsed.GetValue(address), "an IP address of this host"));
        }

        double seconds = parsed.GetValue(grace);
        if (seconds is not (>= 0 and <= 86_400))
        {
            problems.Add(new Problem("--stop-grace", seconds, "a number in [0, 86400]"));
        }

        string? variable = parsed.GetValue(apiKey);
        string? key = variable is null ? null : Environment.GetEnvironmentVariable(variable);
        if (variable is not null && string.IsNullOrEmpty(key))
        {
            problems.Add(new Problem("--api-key-env", $"{variable}, which is not set", "an environment variable that holds the key"));
        }

        return problems.Count == 0
            ? new HttpServerOptions { Port = number, Address = ip!, StopGraceSeconds = seconds, SpeaksHttp2 = parsed.GetValue(http2), ApiKey = key }
            : throw new InvalidInputException(problems);
    }

    /// <summary>Serves until it is told to stop.</summary>
    internal async Task ServeAsync(IInferenceEngine engine, HttpServerOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using HttpServer server = await HttpServer.StartAsync(engine, options, cancellationToken).ConfigureAwait(false);
        TextWriter output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync($"Serving {engine.Model.Name} on {server.Address}").ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);

        using IDisposable hold = lifetime.Hold();
        Task stopped = Task.Delay(Timeout.Infinite, cancellationToken);
        if (parsed.GetValue(stopWithInput))
        {
            stopped = Task.WhenAny(stopped, InputClosedAsync());
        }

        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync().ConfigureAwait(false);
    }

    private static Task InputClosedAsync() => Task.Factory.StartNew(
        static () =>
        {
            Span<byte> ignored = stackalloc byte[64];
            using Stream input = Console.OpenStandardInput();
            while (input.Read(ignored) > 0)
            {
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
