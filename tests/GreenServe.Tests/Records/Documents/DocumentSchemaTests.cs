using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using GreenServe.Records.Documents;

namespace GreenServe.Tests.Records.Documents;

public sealed class DocumentSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(DocumentSchema.Of<Sample>())!.AsObject();

    [Fact]
    public void Of_ClosesTheDocument_WhenKeysAreUnknown() => Assert.False(Schema["additionalProperties"]!.GetValue<bool>());

    [Fact]
    public void Of_ListsWhatMustBeThere_WhenAPropertyIsRequired() => Assert.Equal("""["rate"]""", Schema["required"]!.ToJsonString());

    [Fact]
    public void Of_CarriesDescriptionAndRange_WhenAPropertyHasThem() =>
        Assert.Equal(
            """{"description":"Per second.","type":"number","exclusiveMinimum":0,"maximum":5}""",
            Schema["properties"]!["rate"]!.ToJsonString());

    [Fact]
    public void Of_PutsTheRangeOnTheItems_WhenThePropertyIsAList() =>
        Assert.Equal("""{"type":"integer","minimum":1}""", Schema["properties"]!["sizes"]!["items"]!.ToJsonString());

    [Fact]
    public void Of_AllowsAName_WhenThePropertyMayBeGivenByName()
    {
        JsonObject inner = Schema["properties"]!["inner"]!.AsObject();

        Assert.Equal("A sample, or its name.", inner["description"]!.GetValue<string>());
        Assert.Equal("string", inner["anyOf"]![0]!["type"]!.GetValue<string>());
        Assert.NotNull(inner["anyOf"]![1]!["properties"]);
    }

    [Fact]
    public void Of_DescribesByTheSummary_WhenItHasReferences() =>
        Assert.Equal(
            "A share in words; absent for none. It goes with inner and Sample.",
            Schema["properties"]!["share"]!["description"]!.GetValue<string>());

    [Fact]
    public void Of_DescribesTheDocument_ByTheSummaryOfItsType() =>
        Assert.Equal("A document of this test.", Schema["description"]!.GetValue<string>());

    [Fact]
    public void Of_DescribesAFreeValue_WhenItMayBeAnything() =>
        Assert.Equal("""{"description":"Anything."}""", Schema["properties"]!["free"]!.ToJsonString());

    [Fact]
    public void Of_LeavesOutTheProperty_WhenItIsComputed() => Assert.Null(Schema["properties"]!["double_rate"]);

    internal sealed record Inner
    {
        public int Value { get; init; }
    }

    /// <summary>A document of this test.</summary>
    internal sealed record Sample
    {
        /// <summary>
        /// A share in <c>words</c>; <c>null</c> for none.
        /// It goes with <see cref="Inner"/> and <see cref="Sample"/>.
        /// </summary>
        public string? Share { get; init; }

        /// <summary>Per second.</summary>
        [Range(0, 5, MinimumIsExclusive = true)]
        public required double Rate { get; init; }

        [Range(1, double.PositiveInfinity)]
        public IReadOnlyList<int> Sizes { get; init; } = [];

        /// <summary>A sample, or its name.</summary>
        [ByName]
        public Inner? Inner { get; init; }

        /// <summary>Anything.</summary>
        public JsonNode? Free { get; init; }

        public double DoubleRate => Rate * 2;
    }
}
