using System.CommandLine;
using System.Net;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Hosting;
using GreenServe.Records;
using GreenServe.Records.Systems;

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

    private static readonly Option<bool> SkipsHostProbeOption = new("--no-host-probe")
    {
        Description = "Do not measure the speed of this host at the start. Runs that read these meters then say that it is not known. "
            + "Default: it is measured, which takes one to two seconds and about 0.5 GB of a GPU's memory.",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "serve",
            "Stream this host's meters over HTTP, so that a load generator on another host records them. "
            + "There they are read with --meters remote=http://HOST:PORT.")
        {
            PortOption,
            BindOption,
            SkipsHostProbeOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken)
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
        HostSpeed? speed = context.HostProbe is { } probe && !parsed.GetValue(SkipsHostProbeOption)
            ? await probe.MeasureAsync(cancellationToken).ConfigureAwait(false)
            : null;
        await using MeterHost host =
            await MeterHost.StartAsync(catalog, address, port, token, speed, cancellationToken).ConfigureAwait(false);
        TextWriter output = parsed.InvocationConfiguration.Output;
        int count = catalog.Sources.Sum(source => source.Meters.Count);
        await output.WriteLineAsync($"Serving {count} meters on {host.Address}").ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }
}
