using System.Globalization;
using System.Net;
using System.Text;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Prometheus;
using GreenServe.Records.Requests;
using GreenServe.Running.Live;
using GreenServe.Serving.Load;
using GreenServe.Watching.Telemetry;
using GreenServe.Workloads.Schedules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Watching.Telemetry;

[Collection("one provider of metrics at a time")]
public sealed class RunTelemetryTests
{
    [Fact]
    public async Task Endpoint_HasTheNumbersOfTheSnapshot_WithTheirUnitsInTheNames()
    {
        LiveRun run = new();
        run.Update(_ => LiveScenes.Run(80));
        IReadOnlyList<PrometheusSeries> series = await ScrapeAsync(run);

        Assert.Equal(14, Value(series, "greenserve_load_in_flight"));
        Assert.Equal(0.021, Value(series, "greenserve_load_recent_tbt_seconds", "greenserve_quantile", "0.5"));
        Assert.Equal(0.048, Value(series, "greenserve_load_recent_tbt_seconds", "greenserve_quantile", "0.99"));
        Assert.Equal(3.9, Value(series, "greenserve_load_recent_requests_per_second"));

        // The load is 70 s old: 0.52 + 6 / 70² J.
        Assert.Equal(0.52 + (6 / 4900.0), Value(series, "greenserve_load_energy_per_output_token_joules"), 1e-9);
        Assert.Equal(
            420 + (60 * Math.Sin(80 / 3.0)), Value(series, "greenserve_meter_power_watts", "greenserve_meter", "gpu0.energy"), 1e-9);
        Assert.True(double.IsNaN(Value(series, "greenserve_meter_power_watts", "greenserve_meter", "gpu0.memory")));
        Assert.Equal(1, Value(series, "greenserve_run_phase", "greenserve_phase", "measuring"));
        Assert.Equal(0, Value(series, "greenserve_run_phase", "greenserve_phase", "ended"));
        Assert.Equal(1, Value(series, "greenserve_run_verdict_reasons", "greenserve_reason", "client-lag"));
        Assert.All(
            series.Where(one => one.Metric.StartsWith("greenserve_", StringComparison.Ordinal)),
            one => Assert.Equal("measured", one.Labels["greenserve_evidence"]));
    }

    [Fact]
    public async Task Endpoint_CountsEveryRequest_UnderTheNamesOfTheConventions()
    {
        FakeTimeProvider clock = new();
        LiveRun run = new(clock);
        run.Update(_ => LiveScenes.Run(20));
        IReadOnlyList<PrometheusSeries> series = await ScrapeAsync(run, () =>
        {
            LiveTarget target = new("point-1", "llama", new Uri("http://10.0.0.7:8000"), IsChat: true, EvidenceKind.Measured, clock);
            Action<RequestTrace> count = run.Counting!(target);
            count(Request(clock, isFailed: false));
            count(Request(clock, isFailed: true));
        });

        PrometheusSeries ttft = Assert.Single(
            series, one => one.Metric == "gen_ai_client_operation_time_to_first_chunk_seconds_sum");

        // Two requests with a first chunk 0.5 s after the issue.
        Assert.Equal(1.0, ttft.Value, 1e-9);
        Assert.Equal("chat", ttft.Labels["gen_ai_operation_name"]);
        Assert.Equal("llama", ttft.Labels["gen_ai_request_model"]);
        Assert.Equal("10.0.0.7", ttft.Labels["server_address"]);
        Assert.Equal("8000", ttft.Labels["server_port"]);
        Assert.Equal("point-1", ttft.Labels["greenserve_point"]);
        Assert.Equal(3, Value(series, "gen_ai_client_token_usage_sum", "gen_ai_token_type", "output") / 2);
        Assert.Equal(64, Value(series, "gen_ai_client_token_usage_sum", "gen_ai_token_type", "input") / 2);
        Assert.Equal(1, Value(series, "gen_ai_client_operation_duration_seconds_count", "error_type", "truncated"));

        // Only the completed request has a TPOT: 0.2 s for 2 tokens after the first.
        Assert.Equal(0.1, Value(series, "greenserve_request_time_per_output_token_seconds_sum"), 1e-9);
        Assert.Equal(2, Value(series, "greenserve_request_schedule_lag_seconds_count"));
    }

    [Fact]
    public async Task Endpoint_StopsToRepeatNumbers_WhenTheLoadHasEnded()
    {
        LiveRun run = new();
        run.Update(_ => LiveScenes.Run(80));
        await using RunTelemetry telemetry = await RunTelemetry.StartAsync(run, port: 0, collector: null, default);
        _ = await ReadAsync(telemetry);
        run.Update(seen => seen with { Phase = LivePhase.Judging, Load = null, Meters = [], Reasons = [] });

        IReadOnlyList<PrometheusSeries> series = await ReadAsync(telemetry);

        Assert.Equal(0, Value(series, "greenserve_load_in_flight"));
        Assert.True(double.IsNaN(Value(series, "greenserve_load_energy_per_output_token_joules")));
        Assert.True(double.IsNaN(Value(series, "greenserve_meter_power_watts", "greenserve_meter", "gpu0.energy")));
        Assert.Equal(0, Value(series, "greenserve_run_verdict_reasons", "greenserve_reason", "client-lag"));
    }

    [Fact]
    public async Task Endpoint_HasThePointsOfASweep_WithTheirVerdicts()
    {
        LiveRun run = new();
        run.Update(_ => LiveScenes.Sweep(20, ended: 20));
        IReadOnlyList<PrometheusSeries> series = await ScrapeAsync(run);

        // Every 7th of 20 is INVALID.
        Assert.Equal(18, Value(series, "greenserve_points_ended_total", "greenserve_valid", "true"));
        Assert.Equal(2, Value(series, "greenserve_points_ended_total", "greenserve_valid", "false"));
        Assert.Equal(40, Value(series, "greenserve_points_planned"));
        Assert.Equal(
            3.2 + Math.Pow(420 / 900.0, 2),
            Value(series, "greenserve_point_energy_per_output_token_joules", "greenserve_point", "batch-1-clock-990-low"),
            1e-9);
    }

    [Fact]
    public async Task Endpoint_IsRefused_WhenAnotherSiteAsks()
    {
        await using RunTelemetry telemetry = await RunTelemetry.StartAsync(new LiveRun(), port: 0, collector: null, default);
        using HttpClient client = new(DirectHttp.CreateHandler());
        using HttpRequestMessage request = new(HttpMethod.Get, telemetry.Address);
        request.Headers.Host = "rebound.example";

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Flush_SendsTheMetricsToACollector_AtThePathOfTheProtocol()
    {
        (string Path, string Body)? received = null;
        await using WebApplication collector = await CollectorAsync(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            received = (context.Request.Path, Encoding.Latin1.GetString(body.ToArray()));
        });
        LiveRun run = new();
        run.Update(_ => LiveScenes.Run(80));
        await using RunTelemetry telemetry = await RunTelemetry.StartAsync(run, port: null, new Uri(collector.Urls.First()), default);

        bool isThere = telemetry.Flush();

        Assert.True(isThere);
        Assert.Equal("/v1/metrics", received!.Value.Path);
        Assert.Contains("greenserve.meter.power", received.Value.Body, StringComparison.Ordinal);
        Assert.Contains("gpu0.energy", received.Value.Body, StringComparison.Ordinal);
        Assert.Null(telemetry.Address);
    }

    [Fact]
    public async Task Flush_SaysSo_WhenTheCollectorRefuses()
    {
        await using WebApplication collector = await CollectorAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        LiveRun run = new();
        run.Update(_ => LiveScenes.Run(80));
        await using RunTelemetry telemetry = await RunTelemetry.StartAsync(run, port: null, new Uri(collector.Urls.First()), default);

        Assert.False(telemetry.Flush());
    }

    /// <summary>The endpoint's series for a run, after some requests were counted.</summary>
    internal static async Task<IReadOnlyList<PrometheusSeries>> ScrapeAsync(LiveRun run, Action? count = null)
    {
        await using RunTelemetry telemetry = await RunTelemetry.StartAsync(run, port: 0, collector: null, default);
        count?.Invoke();
        return await ReadAsync(telemetry);
    }

    /// <summary>
    /// A request with a first chunk 0.5 s after its issue and two more 0.1 s apart, of one token each. It was to be sent 1 ms before.
    /// </summary>
    internal static RequestTrace Request(FakeTimeProvider clock, bool isFailed)
    {
        ScheduledRequest request = new(Id: 0, ScheduledSeconds: 0, RequestClass.All[0], InputTokens: 64, OutputTokens: 3);
        RequestTrace trace = new(request, clock.GetTimestamp(), clock);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        trace.Issue();
        clock.Advance(TimeSpan.FromSeconds(0.5));
        trace.AddChunk(clock.GetTimestamp(), tokens: 1);
        for (int chunk = 0; chunk < 2; chunk++)
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            trace.AddChunk(clock.GetTimestamp(), tokens: 1);
        }

        (trace.InputTokens, trace.OutputTokens) = (64, 3);
        if (isFailed)
        {
            trace.Fail(RequestStatus.Truncated, "the stream broke off");
        }
        else
        {
            trace.Complete(clock.GetTimestamp());
        }

        return trace;
    }

    private static async Task<IReadOnlyList<PrometheusSeries>> ReadAsync(RunTelemetry telemetry)
    {
        using HttpClient client = new(DirectHttp.CreateHandler());
        return [.. PrometheusText.Series(await client.GetStringAsync(telemetry.Address), _ => true)];
    }

    private static double Value(IReadOnlyList<PrometheusSeries> series, string metric, string? label = null, string? text = null)
    {
        PrometheusSeries[] found = [.. series.Where(one => one.Metric == metric
            && (label is null || (one.Labels.TryGetValue(label, out string? value) && value == text)))];
        string names = string.Join(", ", series.Select(one => one.Metric).Distinct());
        Assert.True(found.Length == 1, string.Create(CultureInfo.InvariantCulture, $"{metric}: {found.Length} series; there are {names}"));
        return found[0].Value;
    }

    private static async Task<WebApplication> CollectorAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.Run(answer);
        await application.StartAsync();
        return application;
    }
}
