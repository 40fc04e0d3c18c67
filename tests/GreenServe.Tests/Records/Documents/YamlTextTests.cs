using System.Text.Json.Nodes;
using CsCheck;
using GreenServe.Records.Documents;

namespace GreenServe.Tests.Records.Documents;

public sealed class YamlTextTests
{
    [Fact]
    public void Of_WritesBlocks_WithoutWhatIsNull()
    {
        JsonObject value = new()
        {
            ["a"] = 1,
            ["b.c"] = null,
            ["yes"] = new JsonObject { ["d e"] = "f: #g" },
            ["list"] = new JsonArray(1, new JsonObject { ["h"] = true }),
        };

        Assert.Equal(
            "# a comment on one line\\n- x: y\na: 1\n\"yes\":\n  \"d e\": \"f: #g\"\nlist:\n  - 1\n  - { h: true }\n",
            YamlText.Of(value, ["a comment on one line\n- x: y"]));
    }

    [Fact]
    public void Of_WritesALongItemAsABlock()
    {
        JsonArray value = new(new JsonObject { ["a"] = new string('x', 200), ["b"] = 2 }, new JsonObject { ["c"] = 3 });

        JsonNode read = DocumentTree.Parse(YamlText.Of(new JsonObject { ["list"] = value }, []), "x.yaml").Root!;

        Assert.StartsWith("list:\n  - a: ", YamlText.Of(new JsonObject { ["list"] = value.DeepClone() }, []), StringComparison.Ordinal);
        Assert.Equal(2, (long)read["list"]![0]!["b"]!);
        Assert.Equal(3, (long)read["list"]![1]!["c"]!);
    }

    [Fact]
    public void Of_GivesEveryTextBack()
    {
        Gen.String.Sample(text =>
        {
            string key = $"k{text.Replace("\0", "", StringComparison.Ordinal)}";
            JsonNode read = DocumentTree.Parse(YamlText.Of(new JsonObject { [key] = text }, []), "x.yaml").Root!;
            Assert.Equal(text, (string)read[key]!);
        });
    }
}
