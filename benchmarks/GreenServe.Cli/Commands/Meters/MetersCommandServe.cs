using System.CommandLine;
using System.Net;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Hosting;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Meters;

/// <summary><c>greenserve meters serve</c>: streams this host's meters, so that a load generator on another host can record them.</summary>
internal static class MetersCommandServe
{
    private const string TokenVariable = "GREENSERVE_METERS_TOKEN";

    private static readonly Option<int> PortOption = new("--port")
    {
        Description = "TCP port, 0 to 65535. 0 takes a free port.",
        HelpName = "N",
        DefaultValueFactory = _ => 9490,
    };

    private static readonly Option<string> BindOption = new("--bind")
    {
        Description = $"IP address to listen on. An address other than loopback needs the same secret in {TokenVariable} on both hosts. "
            + "There is no TLS.",
        HelpName = "IP",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    internal static Command Create(TimeProvider clock)
    {
        Command command = new(
            "serve",
            "Stream this host's meters over HTTP, so that a load generator on another host records them. "
            + "There they are read with --meters remote=http://HOST:PORT.")
        {
            PortOption,
            BindOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        int port = parsed.GetValue(PortOption);
        if (port is < 0 or > 65_535)
        {
            throw new InvalidInputException(new Problem("--port", port, "a whole number in [0, 65535]"));
        }

        if (!IPAddress.TryParse(parsed.GetRequiredValue(BindOption), out IPAddress? address))
        {
            throw new InvalidInputException(new Problem("--bind", parsed.GetValue(BindOption), "an IP address of this host"));
        }

        using MeterCatalog catalog = MetersCommand.Discover(parsed);
        if (catalog.Sources.Count == 0)
        {
            IEnumerable<string> reasons = catalog.NotMeasured.Select(meter => $"  {meter.Name}: {meter.NotMeasured}");
            throw new UnavailableException("No meter can be read here:\n" + string.Join('\n', reasons));
        }

        string? token = Environment.GetEnvironmentVariable(TokenVariable);
        await using MeterHost host = await MeterHost.StartAsync(catalog, address, port, token, cancellationToken).ConfigureAwait(false);
        TextWriter output = parsed.InvocationConfiguration.Output;
        int count = catalog.Sources.Sum(source => source.Meters.Count);
        await output.WriteLineAsync($"Serving {count} meters on {host.Address}").ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }
}
