using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Tests.Records.Documents;

public sealed class JsonParserTests
{
    [Theory]
    [InlineData("{\"a\": 1,\n\"a\": 2}", "r.json:2: $.a: got the key a second time, want each key once")]
    [InlineData(
        "{\n\"a\": [{\"b\": \"\\ud800\"}]}",
        "r.json:2: $.a[0].b: got half of a letter (a lone surrogate), want text of whole letters")]
    [InlineData(
        "{\"a\": 1,\n tru}",
        "r.json:2: $: got text that is not JSON, or deeper than 64 levels, at byte 2 of the line, want valid JSON")]
    public void Parse_NamesFileAndLine_WhenTheTextIsWrong(string json, string expected)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => DocumentTree.ParseJson(json, "r.json"));

        Assert.Equal(expected, exception.Message);
    }

    [Fact]
    public void Parse_ReportsEveryProblem_WhenSeveralAreWrong()
    {
        const string Json = "{\"a\": 1, \"a\": 2,\n\"b\": \"\\udc00\",\n\"c\": {\"d\": 1, \"d\": 1}}";

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => DocumentTree.ParseJson(Json, "r.json"));

        Assert.Equal([("$.a", 1), ("$.b", 2), ("$.c.d", 3)], exception.Problems.Select(problem => (problem.Place, problem.Line!.Value)));
    }

    [Fact]
    public void Parse_IsRefused_WhenTheTextIsTooDeep() =>
        Assert.Throws<InvalidInputException>(() => DocumentTree.ParseJson(new string('[', 100_000)));

    [Fact]
    public void Parse_KeepsValuesAndLines_WhenTheTextIsRight()
    {
        DocumentTree tree = DocumentTree.ParseJson("{\"a\": [1,\n2.5, \"x\", null, true],\n\"b\": 18446744073709551615}");

        Assert.Equal("{\"a\":[1,2.5,\"x\",null,true],\"b\":18446744073709551615}", tree.Root!.ToJsonString());
        Assert.Equal((2, 3), (tree.LineOf("$.a[1]"), tree.LineOf("$.b")));
    }
}
