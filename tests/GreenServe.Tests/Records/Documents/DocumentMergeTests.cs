using System.Text.Json.Nodes;
using GreenServe.Records.Documents;

namespace GreenServe.Tests.Records.Documents;

/// <summary>What <see cref="DocumentTree.WithAll"/> makes of a document.</summary>
public sealed class DocumentMergeTests
{
    [Fact]
    public void WithAll_MergesMappingsAndReplacesTheRest_WhateverTheirKeys()
    {
        DocumentTree tree = DocumentTree.Parse(
            "models:\n  llama-3.1-8b:\n    size: 8\n    quality: 1\n  other: 2\nlist: [1, 2]", "plan.yaml");
        JsonObject changes = new()
        {
            ["models"] = new JsonObject { ["llama-3.1-8b"] = new JsonObject { ["quality"] = 3 } },
            ["list"] = new JsonArray(4),
        };

        DocumentTree changed = tree.WithAll(changes, new DocumentOrigin("changes"));

        Assert.Equal(
            """{"models":{"llama-3.1-8b":{"size":8,"quality":3},"other":2},"list":[4]}""",
            changed.Root!.ToJsonString());
        Assert.Equal(new DocumentOrigin("changes"), changed.OriginOf("$.models.llama-3.1-8b.quality"));
        Assert.Equal(new DocumentOrigin("plan.yaml", 3), changed.OriginOf("$.models.llama-3.1-8b.size"));
        Assert.Equal("[1,2]", tree.Root!["list"]!.ToJsonString());
    }

    [Fact]
    public void WithAll_ForgetsTheLinesOfAListThatItReplaces()
    {
        DocumentTree tree = DocumentTree.Parse("list:\n  - 1\n  - 2", "plan.yaml");

        DocumentTree changed = tree.WithAll(new JsonObject { ["list"] = new JsonArray(4) }, new DocumentOrigin("changes"));

        Assert.Equal(new DocumentOrigin("changes"), changed.OriginOf("$.list[0]"));
    }

    [Fact]
    public void WithAll_LeavesTheDocument_WithoutChanges()
    {
        DocumentTree tree = DocumentTree.Parse("a: 1");

        Assert.Same(tree, tree.WithAll(null));
    }
}
