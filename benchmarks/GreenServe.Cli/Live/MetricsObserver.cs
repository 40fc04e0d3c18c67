using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Watching.Telemetry;

namespace GreenServe.Cli.Live;

/// <summary><c>--metrics</c> and <c>--otlp</c>: the metrics of a running command, for Prometheus and OpenTelemetry collectors.</summary>
internal sealed class MetricsObserver : ILiveObserver
{
    private readonly Option<int?> metrics = new Option<int?>("--metrics")
    {
        Description = "Serve the metrics of the command for Prometheus at http://127.0.0.1:PORT/metrics while it runs. "
            + "PORT is 0 to 65535, where 0 takes a free one. The address is printed. Default: no metrics.",
        HelpName = "PORT",
    }.Require(value => value is >= 0 and <= 65_535, "a whole number in [0, 65535]");

    private readonly Option<string?> otlp = new("--otlp")
    {
        Description = "Export the metrics of the command to an OpenTelemetry collector, for example http://127.0.0.1:4318. Headers, "
            + "protocol and interval come from OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_PROTOCOL (default: http/protobuf) and "
            + "OTEL_METRIC_EXPORT_INTERVAL (ms). Default: no export.",
        HelpName = "ENDPOINT",
    };

    /// <inheritdoc />
    public void AddTo(Command command)
    {
        command.Add(metrics);
        command.Add(otlp);
    }

    /// <inheritdoc />
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(metrics) is not null || parsed.GetValue(otlp) is not null;

    /// <inheritdoc />
    public async ValueTask<IAsyncDisposable> StartAsync(ParseResult parsed, ShownRun run, CancellationToken cancellationToken)
    {
        string? endpoint = parsed.GetValue(otlp);
        Uri? collector = HttpAddress.Parse(endpoint);
        if (endpoint is not null && collector is null)
        {
            throw new InvalidInputException(new Problem(otlp.Name, HttpAddress.Masked(endpoint), HttpAddress.Allowed));
        }

        TextWriter notices = run.NoticesOr(parsed.InvocationConfiguration.Error);
        RunTelemetry telemetry =
            await RunTelemetry.StartAsync(run.Live, parsed.GetValue(metrics), collector, cancellationToken).ConfigureAwait(false);
        if (telemetry.Address is { } address)
        {
            await notices.WriteLineAsync($"Metrics: {address}").ConfigureAwait(false);
        }

        return new Exporting(telemetry, collector, notices);
    }

    private sealed class Exporting(RunTelemetry telemetry, Uri? collector, TextWriter notices) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // A collector that cannot be reached is no fault of the run, and its result stands.
            if (!telemetry.Flush())
            {
                await notices.WriteLineAsync(
                    $"The last metrics did not reach the collector at {HttpAddress.Shown(collector!)}.").ConfigureAwait(false);
            }

            await telemetry.DisposeAsync().ConfigureAwait(false);
        }
    }
}
