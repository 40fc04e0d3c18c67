using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Comparison;

/// <summary>Writes a comparison for machines, as JUnit XML and as JSON.</summary>
public static class ComparisonFile
{
    /// <summary>The comparison as JUnit XML, with one test case for each metric of each point.</summary>
    /// <remarks>A metric that got worse is a failed test, and one that cannot be told is a skipped test.</remarks>
    /// <param name="report">The comparison.</param>
    public static string JUnit(ComparisonReport report)
    {
        IEnumerable<XElement> cases = report.Lost
            .Select(lost => new XElement(
                "testcase", new XAttribute("classname", Clean(lost.Point)), new XAttribute("name", Clean(lost.Name)),
                new XElement("failure", new XAttribute("message", Clean(lost.Reason)))))
            .Concat(report.Changes.Select(Case));
        XElement suite = new(
            "testsuite",
            new XAttribute("name", "greenserve compare"),
            new XAttribute("tests", report.Changes.Count + report.Lost.Count),
            new XAttribute("failures", report.Count(ChangeVerdict.Worse) + report.Lost.Count),
            new XAttribute("skipped", report.Count(ChangeVerdict.CannotTell)),
            cases);
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement("testsuites", suite)).ToString() + "\n";
    }

    /// <summary>The whole comparison as JSON.</summary>
    /// <param name="report">The comparison.</param>
    public static string Json(ComparisonReport report)
    {
        JsonObject document = new()
        {
            ["schema_version"] = 1,
            ["summary"] = report.Summary,
            ["is_worse"] = report.IsWorse,
            ["evidence"] = report.Evidence,
            ["differences"] = List(report.Differences),
            ["notes"] = List(report.Notes),
            ["lost_points"] = List(report.Lost.Select(lost => lost.Name)),
            ["lost_reasons"] = List(report.Lost.Select(lost => lost.Reason)),
            ["passes_gate"] = report.PassesGate,
            ["changes"] = new JsonArray([.. report.Changes.Select(Change)]),
        };
        return document.ToJsonString(DocumentContract.Indented) + "\n";
    }

    private static JsonObject Change(MetricChange change) => new()
    {
        ["metric"] = change.Metric.Metric.Name,
        ["unit"] = change.Metric.Metric.Unit,
        ["point"] = change.Point,
        ["verdict"] = ComparisonText.Of(change.Verdict).ToUpperInvariant().Replace(' ', '_'),
        ["baseline"] = change.Baseline,
        ["candidate"] = change.Candidate,
        ["baseline_repetitions"] = change.Repetitions.Baseline,
        ["candidate_repetitions"] = change.Repetitions.Candidate,
        ["effect"] = change.Effect,
        ["effect_low"] = change.Low,
        ["effect_high"] = change.High,
        ["effect_is_ratio"] = !change.Metric.IsAbsolute,
        ["threshold"] = change.Metric.Threshold,
        ["p_value"] = change.PValue,
        ["adjusted_p_value"] = change.AdjustedPValue,
        ["paired"] = change.IsPaired,
        ["repetitions_needed"] = change.RepetitionsNeeded,
        ["reason"] = change.Reason,
    };

    private static XElement Case(MetricChange change)
    {
        XElement element = new(
            "testcase", new XAttribute("classname", Clean(change.Point)), new XAttribute("name", change.Metric.Metric.Name));
        string message = Clean($"{change.Metric.Metric.Title}: {ComparisonText.Effect(change)}");
        return change.Verdict switch
        {
            ChangeVerdict.Worse => With(element, new XElement("failure", new XAttribute("message", message))),
            ChangeVerdict.CannotTell => With(element, new XElement("skipped", new XAttribute("message", message))),
            _ => With(element, new XElement("system-out", message)),
        };
    }

    private static XElement With(XElement element, XElement child)
    {
        element.Add(child);
        return element;
    }

    // XML 1.0 has no control characters and no lone surrogates, not even escaped.
    private static string Clean(string text) =>
        new([.. text.Select(letter => XmlConvert.IsXmlChar(letter) && !char.IsControl(letter) ? letter : ' ')]);

    private static JsonArray List(IEnumerable<string> lines) => new([.. lines.Select(line => JsonValue.Create(line))]);
}
