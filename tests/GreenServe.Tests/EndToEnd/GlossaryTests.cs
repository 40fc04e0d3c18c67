using System.Text.RegularExpressions;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>Tests that a reader of the README finds the words of the field in the glossary.</summary>
public sealed partial class GlossaryTests
{
    private static readonly string Readme = File.ReadAllText(Repository.PathOf("README.md"));

    private static readonly IReadOnlySet<string> Anchors = MarkdownPage.All.Single(page => page.Name == "docs/glossary.md").Anchors;

    /// <summary>Abbreviations that are not of this field, parts of names of products, and the words that verdicts of claims are.</summary>
    private static readonly string[] NotOfTheField =
    [
        "CC", "CI", "CSV", "FAIL", "FROM", "HTTP", "MIT", "NOT", "NVIDIA", "PASS", "PNG", "POLCA", "SDK", "SELECT", "SQL", "SVG", "TESTED",
    ];

    /// <summary>Terms of the field that the README uses, as the glossary's headings have them.</summary>
    public static TheoryData<string> Terms =>
    [
        "arrival process", "artifact", "backend", "bandwidth", "baseline", "batch", "batch limit", "calibration", "campaign", "chunk size",
        "claim",
        "closed loop", "counter", "error bar", "evidence kind", "experiment", "GPU clock", "held out", "input tokens", "joule", "knob",
        "launch-bound", "load", "meter", "operating point", "output tokens", "paged cache", "pipeline parallelism", "power", "power cap",
        "power model", "precision", "prefix cache", "reference engine", "repetition", "request class", "run", "run record", "saturation",
        "schedule", "scheduler", "seed", "serving", "session", "shape", "simulated engine", "step", "tensor parallelism", "throughput",
        "token", "trace", "twin", "validation", "verdict", "voltage curve", "warm-up", "weights", "window", "workload",
    ];

    [Theory]
    [MemberData(nameof(Terms))]
    public void Heading_Exists_ForEveryTermOfTheReadme(string term) => Assert.Contains(AnchorOf(term), Anchors);

    [Fact]
    public void Heading_Exists_ForEveryAbbreviationOfTheReadme()
    {
        string[] abbreviations = [.. Abbreviation().Matches(Readme).Select(match => match.Value).Distinct().Except(NotOfTheField)];

        Assert.Contains("TTFT", abbreviations);
        Assert.All(abbreviations, word => Assert.Contains(AnchorOf(word), Anchors));
    }

    private static string AnchorOf(string term) => term.ToLowerInvariant().Replace(' ', '-');

    /// <summary>Two or more capitals that stand alone: not H200, and not a part of a path.</summary>
    [GeneratedRegex(@"(?<![\w/.-])[A-Z]{2,}(?![\w/.]|-\d)")]
    private static partial Regex Abbreviation();
}
