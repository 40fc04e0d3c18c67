using System.CommandLine;
using System.Net;
using GreenServe.Cli.Terminal;
using GreenServe.Engine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Http;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Serve;

/// <summary>The options of everything that listens, and the life of a server from start to stop.</summary>
/// <param name="context">What the process gives to the command. The process waits for a server that is stopping.</param>
internal sealed class ListenOptionSet(CommandContext context)
{
    private static readonly HttpServerOptions Defaults = new();

    private readonly Option<int> port = new("--port")
    {
        Description = "TCP port, 0 to 65535. 0 takes a free port.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private readonly Option<string> address = new("--address")
    {
        Description = "IP address to listen on. The server has no TLS: use an address other than loopback only in a trusted network.",
        HelpName = "IP",
        DefaultValueFactory = _ => Defaults.Address.ToString(),
    };

    private readonly Option<string?> apiKey = new("--api-key-env")
    {
        Description = "Name of the environment variable that holds the key that clients must send. Default: no key.",
        HelpName = "NAME",
    };

    private readonly Option<bool> http2 = new("--http2") { Description = "Speak only HTTP/2, without TLS. Default: HTTP/1.1." };

    private readonly Option<double> grace = new("--stop-grace")
    {
        Description = "How long requests in flight may go on after a stop, in seconds, 0 to 86400.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.StopGraceSeconds,
    };

    private readonly Option<bool> stopWithInput = new("--stop-with-stdin")
    {
        Description = "Stop when the standard input closes, so that the server never outlives the program that started it.",
    };

    internal void AddTo(Command command)
    {
        port.Require(value => value is >= 0 and <= 65_535, "a whole number in [0, 65535]");
        grace.Require(value => value is >= 0 and <= 86_400, "a number in [0, 86400]");
        foreach (Option option in new Option[] { port, address, http2, apiKey, grace, stopWithInput })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads the address and the options of the server.</summary>
    /// <exception cref="InvalidInputException">Every option that cannot be used.</exception>
    internal HttpServerOptions Read(ParseResult parsed)
    {
        List<Problem> problems = [];
        if (!IPAddress.TryParse(parsed.GetRequiredValue(address), out IPAddress? ip))
        {
            problems.Add(new Problem("--address", parsed.GetValue(address), "an IP address of this host"));
        }

        string? variable = parsed.GetValue(apiKey);
        string? key = variable is null ? null : Environment.GetEnvironmentVariable(variable);
        if (variable is not null && string.IsNullOrEmpty(key))
        {
            problems.Add(Problem.NoKeyOfThatName("--api-key-env"));
        }

        return problems.Count == 0
            ? new HttpServerOptions
            {
                Port = parsed.GetValue(port),
                Address = ip!,
                StopGraceSeconds = parsed.GetValue(grace),
                SpeaksHttp2 = parsed.GetValue(http2),
                ApiKey = key,
            }
            : throw new InvalidInputException(problems);
    }

    /// <summary>Serves an engine until the command is told to stop.</summary>
    internal async Task ServeAsync(
        IInferenceEngine engine, HttpServerOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using HttpServer server = await HttpServer.StartAsync(engine, options, cancellationToken).ConfigureAwait(false);
        TextWriter output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync($"Serving {engine.Model.Name} on {server.Address}").ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);

        using IDisposable hold = context.Lifetime.Hold();
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, cancellationToken);
        if (parsed.GetValue(stopWithInput))
        {
            stopped = Task.WhenAny(stopped, TerminalConsole.WhenInputClosesAsync());
        }

        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync().ConfigureAwait(false);
    }
}
