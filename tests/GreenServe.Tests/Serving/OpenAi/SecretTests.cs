using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>A key is sent to the server that it is for, and shows nowhere else.</summary>
public sealed class SecretTests
{
    private const string Key = "sk-test-0123456789abcdef";

    [Fact]
    public async Task Run_SendsTheKey_AndTheServerAcceptsIt()
    {
        using TemporaryFolder folder = new();
        Secret secret = Secret.FromFile("--api-key-file", folder.Write("key", Key + "\n"));

        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions { ApiKey = Key }, ServedRun.Schedule(2), change: options => options with { ApiKey = secret });

        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
    }

    [Fact]
    public async Task Run_RedactsTheKey_WhenTheServerRepeatsIt()
    {
        using TemporaryFolder folder = new();
        Secret secret = Secret.FromFile("--api-key-file", folder.Write("key", Key));

        // This fault's error object repeats the whole Authorization header.
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions { Faults = new FaultPlan(FaultKind.Unauthorized) },
            ServedRun.Schedule(1),
            change: options => options with { ApiKey = secret });

        RequestRecord request = Assert.Single(run.Record.Requests);
        Assert.Contains("Incorrect API key provided", request.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test", request.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdef", request.Error, StringComparison.Ordinal);
        Assert.All(run.Outcome.Reasons, reason => Assert.DoesNotContain("sk-test", reason.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_RedactsTheKey_WhenTheServerRefusesTheFirstQuestion()
    {
        using TemporaryFolder folder = new();
        Secret secret = Secret.FromFile("--api-key-file", folder.Write("key", Key));
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, ApiKey = "another" });

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAiBackend.OpenAsync(
            new OpenAiOptions { Endpoint = server.Address, ApiKey = secret, Readers = 1 }, CancellationToken.None));

        Assert.Contains("401", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\rbreak")]
    public void FromFile_RefusesWhatIsNoKey_WithoutShowingIt(string text)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("key", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Secret.FromFile("--api-key-file", path));

        Assert.DoesNotContain("words", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_DoesNotShowWhatItWasGiven_WhenThatMayBeTheKeyItself()
    {
        InvalidInputException variable = Assert.Throws<InvalidInputException>(() => Secret.FromEnvironment("--api-key-env", Key));
        InvalidInputException file = Assert.Throws<InvalidInputException>(() => Secret.FromFile("--api-key-file", Key));

        Assert.StartsWith("--api-key-env: got a name that is not shown", variable.Message, StringComparison.Ordinal);
        Assert.StartsWith("--api-key-file: got a path that is not shown", file.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", variable.Message + file.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_HidesTheKey()
    {
        using TemporaryFolder folder = new();
        Secret secret = Secret.FromFile("--api-key-file", folder.Write("key", Key));
        OpenAiOptions options = new() { Endpoint = new Uri("http://localhost/"), ApiKey = secret };

        Assert.DoesNotContain("sk-", options.ToString(), StringComparison.Ordinal);
    }
}
