using System.Net;
using System.Net.Sockets;
using GreenServe.Engine.Http;
using GreenServe.Records.Requests;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Serving.OpenAi;

namespace GreenServe.Tests.Serving;

/// <summary>Nothing that a faulty server does may crash a run, hang it, or get into its latency figures.</summary>
public sealed class BadServerTests
{
    private const int Requests = 3;

    [Theory]
    [InlineData(FaultKind.Unauthorized, RequestStatus.Refused, "401")]
    [InlineData(FaultKind.ModelNotFound, RequestStatus.Refused, "404")]
    [InlineData(FaultKind.TooManyRequests, RequestStatus.Overloaded, "429 (retry after 1)")]
    [InlineData(FaultKind.Unavailable, RequestStatus.Overloaded, "503 (retry after 1)")]
    [InlineData(FaultKind.InternalError, RequestStatus.ServerError, "500: <html>")]
    [InlineData(FaultKind.Redirect, RequestStatus.Refused, "307: redirect to 127.0.0.1, not followed")]
    [InlineData(FaultKind.ErrorInStream, RequestStatus.ServerError, "CUDA error: out of memory")]
    // The end of a connection may overtake the headers, so that it was either closed before a response or broke within one.
    [InlineData(FaultKind.ResetInStream, RequestStatus.Truncated, "the connection ")]
    [InlineData(FaultKind.TruncatedBody, RequestStatus.Truncated, "the connection ")]
    [InlineData(FaultKind.MalformedEvent, RequestStatus.Malformed, "not the JSON expected")]
    [InlineData(FaultKind.OversizedEvent, RequestStatus.Malformed, "more than 1048576 bytes")]
    [InlineData(FaultKind.InvalidUtf8, RequestStatus.Malformed, "not UTF-8")]
    [InlineData(FaultKind.NoUsage, RequestStatus.WrongLength, "did not count its tokens")]
    [InlineData(FaultKind.MoreTokens, RequestStatus.WrongLength, "asked for 8 output tokens, got 11")]
    [InlineData(FaultKind.FewerTokens, RequestStatus.WrongLength, "asked for 8 output tokens, got 7")]
    [InlineData(FaultKind.DuplicateDone, RequestStatus.Malformed, "[DONE] came twice")]
    [InlineData(FaultKind.MissingDone, RequestStatus.Truncated, "without [DONE]")]
    [InlineData(FaultKind.BytesAfterDone, RequestStatus.Malformed, "an event after [DONE]")]
    [InlineData(FaultKind.NeverAnswer, RequestStatus.TimedOut, "no token within the limit")]
    [InlineData(FaultKind.StallInStream, RequestStatus.TimedOut, "stood still")]
    public async Task Run_CountsTheFailure_AndKeepsItOutOfTheFigures(FaultKind fault, RequestStatus status, string error)
    {
        LoadOptions load = fault switch
        {
            FaultKind.NeverAnswer => ServedRun.Patient with { FirstTokenSeconds = 0.2 },
            FaultKind.StallInStream => ServedRun.Patient with { StallSeconds = 0.2 },
            _ => ServedRun.Patient,
        };
        HttpServerOptions faulty = new() { Faults = new FaultPlan(fault) };

        ServedRun run = await ServedRun.AgainstAsync(faulty, ServedRun.Schedule(Requests), load: load);

        Assert.Equal(Requests, run.Record.Requests.Count);
        Assert.All(run.Record.Requests, request => Assert.Equal(status, request.Status));
        Assert.All(run.Record.Requests, request => Assert.Contains(error, request.Error, StringComparison.Ordinal));
        Assert.All(run.Record.Requests, request => Assert.NotNull(request.CompletedSeconds));
        Assert.Empty(run.Record.TokenGaps);
        Assert.Contains(
            run.Outcome.Reasons, reason => reason.Code == "failures" && reason.Message.Contains("3 of 3", StringComparison.Ordinal));
        Assert.Contains(run.Outcome.Reasons, reason => reason.Code == "nothing-completed");
    }

    [Theory]
    [InlineData("/v1/completions/", "308: redirect to /v1/completions/ of this server, not followed")]
    [InlineData("elsewhere?key=secret", "308: redirect to /v1/elsewhere of this server, not followed")]
    [InlineData("//other.invalid/v1/completions", "308: redirect to other.invalid, not followed")]
    [InlineData("https://other.invalid/", "308: redirect to other.invalid, not followed")]
    [InlineData("", "308: redirect to nowhere, not followed")]
    public async Task Run_RefusesARedirect_WhereverItLeads(string location, string error)
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(
            $"HTTP/1.1 308 Permanent Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));

        ServedRun run = await AgainstAsync(server);

        Assert.All(run.Record.Requests, request => Assert.Equal((RequestStatus.Refused, error), (request.Status, request.Error)));
    }

    [Fact]
    public async Task Run_KeepsTheServersWords_WhenA200HasAnotherBodyThanAStream()
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\nContent-Length: 6\r\n\r\n<html>"));

        ServedRun run = await AgainstAsync(server);

        Assert.All(run.Record.Requests, request => Assert.Equal(
            (RequestStatus.Malformed, "br text/html, not an event stream: <html>"), (request.Status, request.Error)));
    }

    [Fact]
    public async Task Run_IsHarmless_WhenTheServerSendsChunksWithoutTokens()
    {
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions { Faults = new FaultPlan(FaultKind.ZeroTokenChunks) }, ServedRun.Schedule(Requests));

        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
        Assert.All(run.Record.Requests, request => Assert.Equal(ServedRun.OutputTokens, request.OutputTokensCounted));

        // Eight tokens are seven gaps: an empty chunk is no token.
        Assert.Equal(Requests * (ServedRun.OutputTokens - 1), run.Record.TokenGaps.Values.Sum(gaps => gaps.Count));
    }

    [Fact]
    public async Task Run_KeepsGoodRequests_WhenOneInThreeFails()
    {
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions { Faults = new FaultPlan(FaultKind.ResetInStream, Every: 3) }, ServedRun.Schedule(9));

        Assert.Equal(6, run.Record.Requests.Count(request => request.Status == RequestStatus.Completed));
        Assert.Equal(3, run.Record.Requests.Count(request => request.Status == RequestStatus.Truncated));
        Assert.Equal(6 * (ServedRun.OutputTokens - 1), run.Record.TokenGaps.Values.Sum(gaps => gaps.Count));
        Assert.Contains(
            run.Outcome.Reasons, reason => reason.Code == "failures" && reason.Message.Contains("3 of 9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_KeepsTheTokensThatCame_WhenTheServerStandsStill()
    {
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions { Faults = new FaultPlan(FaultKind.StallInStream) },
            ServedRun.Schedule(Requests),
            load: ServedRun.Patient with { StallSeconds = 0.2 });

        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.TimedOut, request.Status));
        Assert.All(run.Record.Requests, request => Assert.InRange(request.OutputTokensCounted!.Value, 1, ServedRun.OutputTokens));
        Assert.All(run.Record.Requests, request => Assert.InRange(
            request.LastTokenSeconds!.Value, request.FirstTokenSeconds!.Value, request.CompletedSeconds!.Value));
    }

    [Fact]
    public async Task Run_CountsRefusedConnections()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        await AssertConnectionFailsAsync(new Uri($"http://127.0.0.1:{port}/"), "no connection");
    }

    [Fact]
    public Task Run_CountsUnknownHosts() => AssertConnectionFailsAsync(new Uri("http://no-such-host.invalid:8000/"), "unknown host");

    [Fact]
    public async Task Run_CountsTlsErrors()
    {
        // Plain HTTP where TLS is expected.
        await using GreenServe.Engine.FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        await AssertConnectionFailsAsync(new Uri($"https://127.0.0.1:{server.Address.Port}/"), "TLS");
    }

    private static Task<ServedRun> AgainstAsync(ScriptedServer server) => ServedRun.AgainstAsync(
        new OpenAiOptions { Endpoint = server.Address, Readers = 1 }, ServedRun.Described, ServedRun.Schedule(Requests), ServedRun.Patient);

    private static async Task AssertConnectionFailsAsync(Uri endpoint, string error)
    {
        OpenAiOptions options = new() { Endpoint = endpoint, Readers = 1, ConnectSeconds = 5 };

        ServedRun run = await ServedRun.AgainstAsync(options, ServedRun.Described, ServedRun.Schedule(Requests), ServedRun.Patient);

        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.ConnectionFailed, request.Status));
        Assert.All(run.Record.Requests, request => Assert.Contains(error, request.Error, StringComparison.Ordinal));
        Assert.Equal(Requests, run.Record.Manifest.Counters["requests_connection_failed"]);
    }
}
