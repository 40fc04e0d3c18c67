using System.Net;
using System.Text;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Watching.Courses;
using GreenServe.Watching.Pages;

namespace GreenServe.Tests.Watching.Pages;

public sealed class LivePageHostTests
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    [Fact]
    public async Task Page_CarriesAPolicyAndNamesNothingOutside_WhenItIsAskedFor()
    {
        await using LivePageHost host = await StartAsync(new PageHistory());
        using HttpClient client = new(DirectHttp.CreateHandler());

        using HttpResponseMessage response = await client.GetAsync(host.Address);
        string page = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rebound.example", null, null)]
    [InlineData("127.0.0.1.example:80", null, null)]
    [InlineData("localhost", "https://evil.example", null)]
    [InlineData("localhost", null, "cross-site")]
    [InlineData("localhost", null, "same-site")]
    public async Task Page_IsRefused_WhenAnotherSiteAsks(string asked, string? origin, string? site)
    {
        await using LivePageHost host = await StartAsync(new PageHistory());
        using HttpClient client = new(DirectHttp.CreateHandler());
        foreach (string path in new[] { "", "events" })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(host.Address, path));
            request.Headers.Host = asked;
            AddIf(request, "Origin", origin);
            AddIf(request, "Sec-Fetch-Site", site);

            using HttpResponseMessage response = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            string text = await response.Content.ReadAsStringAsync();
            Assert.StartsWith("This address answers only to this machine", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("LOCALHOST:1")]
    public async Task Page_Answers_WhenItIsAskedByAnotherNameOfLoopback(string asked)
    {
        await using LivePageHost host = await StartAsync(new PageHistory());
        using HttpClient client = new(DirectHttp.CreateHandler());
        using HttpRequestMessage request = new(HttpMethod.Get, host.Address);
        request.Headers.Host = asked;
        AddIf(request, "Sec-Fetch-Site", "none");

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Page_IsReadOnly_AndOtherPathsSayWhatThereIs()
    {
        await using LivePageHost host = await StartAsync(new PageHistory());
        using HttpClient client = new(DirectHttp.CreateHandler());

        using HttpResponseMessage posted = await client.PostAsync(host.Address, content: null);
        using HttpResponseMessage missing = await client.GetAsync(new Uri(host.Address, "../etc/passwd"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("The page is at / and its stream at /events.", await missing.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Events_GiveALateReaderTheWholeCourseAndTheEnd()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, LiveScenes.Run, from: 0, to: 3);
        history.Complete();
        await using LivePageHost host = await StartAsync(history);
        using HttpClient client = new(DirectHttp.CreateHandler());

        string text = await client.GetStringAsync(new Uri(host.Address, "events"));

        IEnumerable<string> events = text.Split('\n')
            .Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..]);
        Assert.Equal(["course", "moments", "state", "end"], events);
        Assert.Contains("[{\"elapsed_seconds\":0,", text, StringComparison.Ordinal);
        Assert.Contains("{\"elapsed_seconds\":3,", text, StringComparison.Ordinal);
        Assert.Contains("\"evidence\":\"measured\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_Follow_WhenTheRunGoesOn()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, LiveScenes.Run, from: 0, to: 0);
        await using LivePageHost host = await StartAsync(history);
        using HttpClient client = new(DirectHttp.CreateHandler());
        await using Stream stream = await client.GetStreamAsync(new Uri(host.Address, "events"));
        using StreamReader reader = new(stream, Encoding.UTF8);
        Assert.Contains("\"elapsed_seconds\":0", await NextAsync(reader, "state"), StringComparison.Ordinal);

        LiveFeedScenes.Play(history, LiveScenes.Run, from: 1, to: 1);
        string state = await NextAsync(reader, "state");
        history.Complete();
        string end = await NextAsync(reader, "end");

        Assert.Contains("\"elapsed_seconds\":1", state, StringComparison.Ordinal);
        Assert.Equal("data: {}", end);
        Assert.Equal("\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task StartAsync_SaysWhatToDo_WhenTheNamedPortIsInUse()
    {
        await using LivePageHost first = await StartAsync(new PageHistory());

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => LivePageHost.StartAsync(new PageHistory(), first.Address.Port, Clock, default));

        Assert.StartsWith($"Cannot listen on 127.0.0.1:{first.Address.Port}: ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("Name another port, or 0 for a free one.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_TakesAFreePort_WhenNoneIsNamedAndTheUsualOneIsInUse()
    {
        await using LivePageHost first = await LivePageHost.StartAsync(new PageHistory(), port: null, Clock, default);

        await using LivePageHost second = await LivePageHost.StartAsync(new PageHistory(), port: null, Clock, default);

        Assert.NotEqual(first.Address.Port, second.Address.Port);
    }

    private static Task<LivePageHost> StartAsync(PageHistory history) => LivePageHost.StartAsync(history, port: 0, Clock, default);

    private static void AddIf(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }

    /// <summary>The data line of the next event of a name.</summary>
    private static async Task<string> NextAsync(StreamReader reader, string name)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == $"event: {name}")
            {
                return (await reader.ReadLineAsync())!;
            }
        }

        throw new InvalidOperationException($"the stream ended without {name}");
    }
}
