using GreenServe.Records;
using GreenServe.Records.Http;

namespace GreenServe.Tests.Records.Http;

/// <summary>An address keeps what the server needs and shows nothing that may be secret.</summary>
public sealed class HttpAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000", true)]
    [InlineData("https://host/v1?api-version=2024-06-01", true)]
    [InlineData("http://user:PASSW0RD@host", false)]
    [InlineData("http://token@host", false)]
    [InlineData("http://host/#part", false)]
    [InlineData("ftp://host", false)]
    [InlineData("host:8000", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Parse_TakesWebAddresses_WithoutUserAndFragment(string? text, bool isTaken) =>
        Assert.Equal(isTaken, HttpAddress.Parse(text) is not null);

    [Theory]
    [InlineData("http://h:1", "v1/models", "http://h:1/v1/models")]
    [InlineData("http://h:1/a/", "v1/models", "http://h:1/a/v1/models")]
    [InlineData("http://h:1/a", "v1/models", "http://h:1/a/v1/models")]
    [InlineData("http://h:1/a?k=v&w=%2F", "v1/models", "http://h:1/a/v1/models?k=v&w=%2F")]
    [InlineData("http://h:1/a?k=v", "/v1/meters", "http://h:1/v1/meters?k=v")]
    public void At_KeepsTheQuery_OnEveryPath(string root, string path, string expected) =>
        Assert.Equal(expected, HttpAddress.At(new Uri(root), path).AbsoluteUri);

    [Theory]
    [InlineData("http://user:PASSW0RD@h:1/m", "http://***@h:1/m")]
    [InlineData("http://PASSW0RD@h:1", "http://***@h:1")]
    [InlineData("http://user:PA@SS/W0?RD@h:1/m", "http://***@h:1/m")]
    [InlineData("user:PASSW0RD@h:1", "***@h:1")]
    [InlineData("remote=user:PASSW0RD@h:1", "remote=***@h:1")]
    [InlineData("prometheus=http://h/m?token=T0KEN,metric=p", "prometheus=http://h/m?***")]
    [InlineData("http://h/?key=AAA,SECRET cannot be reached", "http://h/?*** cannot be reached")]
    [InlineData("https://user:PASS W0RD@h/x", "https://***@h/x")]
    [InlineData("http://h/#S3CRET", "http://h/#***")]
    [InlineData("'ftp://u:PASSW0RD@h' was not matched.", "'ftp://***@h' was not matched.")]
    [InlineData("two http://u:p@h and http://h/?q=1", "two http://***@h and http://h/?***")]
    [InlineData("http://h:1/plain", "http://h:1/plain")]
    [InlineData("a question? mail me@home", "a question? mail me@home")]
    public void Masked_HidesUsersAndQueries_InAnyText(string text, string expected) => Assert.Equal(expected, HttpAddress.Masked(text));

    [Fact]
    public void WithoutQueryOf_HidesValuesThatAServerRepeats_UnlessTheyAreShort()
    {
        Uri address = new("http://h/?code=abc%2Fdef&v=1");

        string text = HttpAddress.WithoutQueryOf("no such code abc/def (abc%2Fdef), version 1", address);

        // "1" is no secret, and hiding it would spoil every number.
        Assert.Equal("no such code *** (***), version 1", text);
    }

    [Theory]
    [InlineData("http://h/?sig=ab12x", "no POST /v1/completions?sig=ab12x", "no POST /v1/completions***")]
    [InlineData("http://h/?sig=ab12x", "got sig=ab12x and ab12x", "got *** and ab12x")]
    [InlineData("http://h/?a=1&sig=a%2Fb", "no /v1?a=1&sig=a%2Fb, sig=a/b, a=1", "no /v1***, ***, ***")]
    [InlineData("http://h/?a=&b", "a= and b? no", "a= and b? no")]
    [InlineData("http://h/", "why?", "why?")]
    public void WithoutQueryOf_HidesTheQueryAndItsPairs_HoweverShort(string address, string text, string expected) =>
        Assert.Equal(expected, HttpAddress.WithoutQueryOf(text, new Uri(address)));

    [Fact]
    public void Messages_HideUsersAndQueries_WhoeverWroteThem()
    {
        const string address = "http://u:PASSW0RD@h/?key=T0KEN";
        string[] messages =
        [
            new Problem("--endpoint", address, "another").ToString(),
            Problem.SaidBy("parser", $"Unrecognized argument '{address}'.").ToString(),
            new UnavailableException($"No meters at {address}").Message,
        ];

        Assert.All(messages, message => Assert.DoesNotContain("PASSW0RD", message, StringComparison.Ordinal));
        Assert.All(messages, message => Assert.DoesNotContain("T0KEN", message, StringComparison.Ordinal));
    }
}
