using GreenServe.Records;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

public sealed class SecretHeaderTests
{
    [Fact]
    public void Parse_ReadsNamesAndValues_AndShowsNoValue()
    {
        IReadOnlyList<SecretHeader> headers = SecretHeader.Parse("--header", ["X-Tenant: a b:c", "Authorization:Bearer xyz"]);

        Assert.Equal(["X-Tenant", "Authorization"], headers.Select(header => header.Name));
        Assert.Equal(["a b:c", "Bearer xyz"], headers.Select(header => header.Value.Reveal()));
        Assert.DoesNotContain("xyz", string.Join(' ', headers), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S3CRET", "got a text that is not shown and is no header")]
    [InlineData(": S3CRET", "got a text that is not shown and is no header")]
    [InlineData("na me: S3CRET", "got a text that is not shown and is no header")]
    [InlineData("Host: S3CRET", "got the header Host")]
    [InlineData("content-length: S3CRET", "got the header content-length")]
    [InlineData("X: S3CRET\r\nY: 1", "got the header X without a value that can be sent")]
    [InlineData("X: env:NO_SUCH_VARIABLE_OF_S3CRETS", "got the header X without a value that can be sent")]
    [InlineData("X:", "got the header X without a value that can be sent")]
    public void Parse_SaysWhatIsWrong_WithoutTheValue(string text, string expected)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SecretHeader.Parse("--header", [text]));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NamesEveryProblem_AtOnce()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => SecretHeader.Parse("--header", ["A: 1", "a: 2", "Host: x", "broken"]));

        Assert.Equal(3, exception.Problems.Count);
    }
}
