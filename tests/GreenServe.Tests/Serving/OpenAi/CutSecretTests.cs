using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>A server may repeat a secret just where its text is cut. The record then shows no part of it.</summary>
public sealed class CutSecretTests
{
    private const string Value = "hdrsecret-0123456789abcdefghijklmnop";
    private static readonly string Filler = new('x', 270);

    /// <summary>Leaves room for the words that stand before an excerpt of a stream.</summary>
    private static readonly string ShortFiller = new('x', 240);

    public static TheoryData<string> Answers => new()
    {
        // A message keeps 300 letters of a body: 270 letters before the secret, and 30 of its 36.
        Response(500, Filler + Value),
        Response(500, Filler + Value + " and more"),

        // The connection ends inside the secret.
        Response(500, "no: " + Value)[..^20],

        // A stream that holds the secret: in an error, in a web page, and in an event that ends early.
        Response(200, $"data: {{\"error\":\"{ShortFiller}{Value}\"}}\n\n", "text/event-stream"),
        Response(200, ShortFiller + Value, "text/html"),
        Response(200, $"data: {ShortFiller}{Value}\n\n", "text/event-stream"),
        $"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\ndata: {{\"choices\": \"{Value}"[..^12],
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Run_ShowsNoPartOfAHeader_WhenItsTextIsCut(string answer) =>
        await RequireHiddenAsync(answer, options => options with { Headers = SecretHeader.Parse("--header", [$"X-Sec: {Value}"]) });

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Run_ShowsNoPartOfAKey_WhenItsTextIsCut(string answer)
    {
        using TemporaryFolder folder = new();
        Secret key = Secret.FromFile("--api-key-file", folder.Write("key", Value));
        await RequireHiddenAsync(answer, options => options with { ApiKey = key });
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Run_ShowsNoPartOfAQuery_WhenItsTextIsCut(string answer) =>
        await RequireHiddenAsync(answer, options => options with { Endpoint = new Uri($"{options.Endpoint}?sig={Value}") });

    [Theory]
    [InlineData("secret-value", "is secret-val…", "is ***…")]
    [InlineData("secret-value", "is sec… and secret-value… then sec", "is ***… and ***… then ***")]
    [InlineData("secret-value", "is se… secret is se", "is se… secret is se")]
    [InlineData("secret-value", "", "")]
    public void Hide_HidesBeginningsOfASecret_OnlyWhereATextBreaksOff(string secret, string text, string expected) =>
        Assert.Equal(expected, CutSecret.Hide(text, [secret]));

    [Theory]
    [InlineData("Authorization: Bearer hdr-secret", "no key hdr-secret", "no key ***")]
    [InlineData("Authorization: Bearer hdr-secret", "{\"sent\": \"Bearer hdr-secret\"}", "{\"sent\": \"***\"}")]
    [InlineData("X-Sec: abc\"de+fg", "{\"sent\": \"abc\\\"de+fg\"}", "{\"sent\": \"***\"}")]
    [InlineData("X-Sec: abc\"de+fg", "{\"sent\": \"abc\\u0022de\\u002Bfg\"}", "{\"sent\": \"***\"}")]
    [InlineData("X-Team: ab", "about ab", "about ab")]
    public void Redact_HidesTheWaysInWhichAServerRepeatsAHeader(string header, string text, string expected)
    {
        OpenAiOptions options = new() { Endpoint = new Uri("http://h/"), Headers = SecretHeader.Parse("--header", [header]) };

        Assert.Equal(expected, options.Redact(text));
    }

    private static string Response(int status, string body, string type = "text/plain") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static async Task RequireHiddenAsync(string answer, Func<OpenAiOptions, OpenAiOptions> change)
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(answer) with { Closes = true });
        OpenAiOptions options = change(new OpenAiOptions { Endpoint = server.Address, Dialect = DialectName.Vllm, Readers = 1 });

        ServedRun run = await ServedRun.AgainstAsync(options, ServedRun.Described, ServedRun.Schedule(1), ServedRun.Patient);

        RequestRecord request = Assert.Single(run.Record.Requests);
        Assert.NotEqual(RequestStatus.Completed, request.Status);

        // Three letters in a row are a part.
        Assert.All(
            Enumerable.Range(0, Value.Length - 2),
            index => Assert.DoesNotContain(Value.Substring(index, 3), request.Error, StringComparison.Ordinal));
        Assert.Contains("***", request.Error, StringComparison.Ordinal);
    }
}
