using System.Text.Json.Nodes;
using System.Xml.Linq;
using GreenServe.Analysis.Comparison;

namespace GreenServe.Tests.Analysis.Comparison;

public sealed class ComparisonFileTests
{
    [Fact]
    public void JUnit_FailsATestForEachWorseMetric_WhenEnergyRose()
    {
        ComparisonReport report = RepeatedRuns.Compare(RepeatedRuns.With(1), RepeatedRuns.With(1.05));

        XElement suite = XDocument.Parse(ComparisonFile.JUnit(report)).Root!.Element("testsuite")!;

        Assert.Equal($"{report.Count(ChangeVerdict.Worse)}", suite.Attribute("failures")!.Value);
        Assert.Equal(
            report.Count(ChangeVerdict.Worse),
            suite.Elements("testcase").Count(element => element.Element("failure") is not null));
    }

    [Fact]
    public void Json_SaysTheSameAsTheReport_WhenEnergyRose()
    {
        ComparisonReport report = RepeatedRuns.Compare(RepeatedRuns.With(1), RepeatedRuns.With(1.05));

        JsonNode json = JsonNode.Parse(ComparisonFile.Json(report))!;

        Assert.True(json["is_worse"]!.GetValue<bool>());
        Assert.Equal(report.Changes.Count, json["changes"]!.AsArray().Count);
    }
}
