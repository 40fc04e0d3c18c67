using GreenServe.Records.Prometheus;

namespace GreenServe.Tests.Records.Prometheus;

public class LabelSelectorTests
{
    [Theory]
    [InlineData("{}", true)]
    [InlineData("{zone=\"package\"}", true)]
    [InlineData("{zone='package'}", true)]
    [InlineData("{zone=package}", true)]
    [InlineData("{ zone = \"package\" , node=\"n1\", }", true)]
    [InlineData("{zone=\"core\"}", false)]
    [InlineData("{zone=\"pack\"}", false)]
    [InlineData("{zone!=\"core\"}", true)]
    [InlineData("{zone!=\"package\"}", false)]
    [InlineData("{zone=~\"pack.*|dram\"}", true)]
    [InlineData("{zone=~\"pack\"}", false)]
    [InlineData("{zone!~\"core|dram\"}", true)]
    [InlineData("{zone=\"package\",node=\"n2\"}", false)]
    [InlineData("{absent=\"\"}", true)]
    [InlineData("{absent=\"x\"}", false)]
    [InlineData("{name=\"a, b} {c=\\\"d\\\"\"}", true)]
    public void Matches_ReadsLabelsAsPromQlDoes(string text, bool expected)
    {
        Dictionary<string, string> labels = new() { ["zone"] = "package", ["node"] = "n1", ["name"] = "a, b} {c=\"d\"" };

        Assert.Equal(expected, LabelSelector.Parse(text).Matches(labels));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("zone=\"a\"")]
    [InlineData("{zone}")]
    [InlineData("{zone=}x")]
    [InlineData("{=\"a\"}")]
    [InlineData("{zone=\"a}")]
    [InlineData("{zone=\"a\" \"b\"}")]
    [InlineData("{zone==\"a\"}")]
    [InlineData("{zone=~\"(\"}")]
    [InlineData("{zone=~\"(a)\\\\1\"}")]
    [InlineData("{zo ne=\"a\"}")]
    public void Parse_RefusesWhatIsNoSelector(string text) => Assert.Throws<FormatException>(() => LabelSelector.Parse(text));

    [Theory]
    [InlineData("{zone=package, node!~'a|b'}", "{zone=\"package\",node!~\"a|b\"}")]
    [InlineData("{name=\"a\\\\b\\n\\\"c\\\"\"}", "{name=\"a\\\\b\\n\\\"c\\\"\"}")]
    [InlineData("{}", "")]
    public void ToString_WritesPromQl_WhichReadsBackAsTheSame(string text, string expected)
    {
        LabelSelector selector = LabelSelector.Parse(text);

        Assert.Equal(expected, selector.ToString());
        Assert.Equal(selector, expected.Length == 0 ? LabelSelector.All : LabelSelector.Parse(expected));
    }
}
