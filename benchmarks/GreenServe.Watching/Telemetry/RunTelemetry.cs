using System.Diagnostics.Metrics;
using System.Reflection;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Running.Live;
using GreenServe.Watching.Pages;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace GreenServe.Watching.Telemetry;

/// <summary>The metrics of a running command: an endpoint for Prometheus, an export by OTLP, or both.</summary>
public sealed class RunTelemetry : IAsyncDisposable
{
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string MetricsPath = "v1/metrics";

    /// <summary>How long the last export may take (ms).</summary>
    private const int FlushMilliseconds = 5000;

    private readonly Meter meter;
    private readonly MeterProvider provider;
    private readonly bool isExported;
    private LoopbackHost? host;

    private RunTelemetry(LiveRun run, Action<MeterProviderBuilder> exportTo, bool isExported)
    {
        meter = new Meter(MetricName.Meter, Assembly.GetExecutingAssembly().GetName().Version?.ToString(fieldCount: 3));
        RequestMetrics requests = new(meter);
        _ = new SnapshotMetrics(meter, run);
        run.Counting = requests.Counting;
        this.isExported = isExported;
        Meter own = meter;
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("greenserve", serviceVersion: own.Version))
            .AddMeter(own.Name);
        exportTo(builder);
        provider = builder.Build();
    }

    /// <summary>The address of the endpoint for Prometheus; <c>null</c> if there is none.</summary>
    public Uri? Address => host is null ? null : new Uri(host.Address, "metrics");

    /// <summary>Starts to count and to export.</summary>
    /// <param name="run">What the command shows of itself. Its requests are counted from now on.</param>
    /// <param name="port">The port of the endpoint for Prometheus, in [0, 65535]; 0 takes a free one; <c>null</c> for no endpoint.</param>
    /// <param name="collector">The address of an OTLP collector; <c>null</c> for no export.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="UnavailableException">The port is in use.</exception>
    public static async Task<RunTelemetry> StartAsync(LiveRun run, int? port, Uri? collector, CancellationToken cancellationToken)
    {
        RunTelemetry telemetry = new(
            run,
            builder =>
            {
                _ = port is null ? builder : builder.AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0);
                _ = collector is null ? builder : builder.AddOtlpExporter(options => Configure(options, collector));
            },
            isExported: collector is not null);
        if (port is not { } number)
        {
            return telemetry;
        }

        try
        {
            telemetry.host = await LoopbackHost.StartAsync(
                number,
                isExact: true,
                application => application.UseOpenTelemetryPrometheusScrapingEndpoint(
                    telemetry.provider, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null),
                cancellationToken).ConfigureAwait(false);
            return telemetry;
        }
        catch
        {
            await telemetry.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Exports what has been counted by now.</summary>
    /// <returns>Whether the collector has it. <c>true</c> where none was named.</returns>
    public bool Flush() => !isExported || provider.ForceFlush(FlushMilliseconds);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync().ConfigureAwait(false);
        }

        provider.Dispose();
        meter.Dispose();
    }

    /// <summary>The rest comes from the variables of OpenTelemetry: headers, protocol, time limit and interval.</summary>
    private static void Configure(OtlpExporterOptions options, Uri collector)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ProtocolVariable)))
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        }

        bool isHttp = options.Protocol == OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = isHttp && collector.AbsolutePath == "/" ? HttpAddress.At(collector, MetricsPath) : collector;
        options.HttpClientFactory = () => new HttpClient(DirectHttp.CreateHandler())
        {
            Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
        };
    }
}
