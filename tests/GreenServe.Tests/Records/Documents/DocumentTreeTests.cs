using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Tests.Records.Documents;

public sealed class DocumentTreeTests
{
    private const string YamlSigns = "ab: \n\t-[]{}&*'\"#|>%!1.,?@\\<=~`";

    [Fact]
    public void Bind_ReadsEveryKindOfValue_WhenTheDocumentIsRight()
    {
        Plan plan = Bind("""
            name: "007"
            rate: 3
            count: 7
            colour: dark_red
            flags: [true, false]
            weights: { a: 0.5, b: 1 }
            shape: { side: 2, kind: square }
            anything: { deep: [1, text, null] }
            """);

        Assert.Equal("007", plan.Name);
        Assert.Equal(3.0, plan.Rate);
        Assert.Equal(7, plan.Count);
        Assert.Equal(Colour.DarkRed, plan.Colour);
        Assert.Equal([true, false], plan.Flags);
        Assert.Equal(0.5, plan.Weights!["a"]);
        Assert.Equal(new Square { Side = 2 }, plan.Shape);
        Assert.Equal("""{"deep":[1,"text",null]}""", plan.Anything!.ToJsonString());
    }

    [Fact]
    public void Bind_ReportsEveryProblemWithItsLine_WhenSeveralAreWrong()
    {
        string[] problems = ProblemsOf("""
            name: 5
            rate: .nan
            colour: green
            nmae: x

            flags:
              - true
              - maybe
            """);

        Assert.Equal(
            [
                "plan.yaml:1: $.name: got 5, want text (in quotes if it looks like a number)",
                "plan.yaml:2: $.rate: got NaN, want a number in (0, 100]",
                "plan.yaml:3: $.colour: got 'green', want one of dark_red, white",
                "plan.yaml:4: $.nmae: got unknown key, "
                + "want one of the keys name, rate, count, colour, flags, weights, levels, shape, anything, inner",
                "plan.yaml:8: $.flags[1]: got 'maybe', want true or false",
            ],
            problems.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rate: 0", "$.rate: got 0, want a number in (0, 100]")]
    [InlineData("rate: -3", "$.rate: got -3, want a number in (0, 100]")]
    [InlineData("rate: 100.5", "$.rate: got 100.5, want a number in (0, 100]")]
    [InlineData("rate: .inf", "$.rate: got Infinity, want a number in (0, 100]")]
    [InlineData("rate: 1e999", "$.rate: got Infinity, want a number in (0, 100]")]
    [InlineData("rate: '3'", "$.rate: got '3', want a number in (0, 100]")]
    [InlineData("rate:", "$.rate: got nothing, want a number in (0, 100]")]
    [InlineData("rate: [1]", "$.rate: got a list of 1, want a number in (0, 100]")]
    [InlineData("rate: {a: 1}", "$.rate: got a mapping, want a number in (0, 100]")]
    [InlineData("rate: 1\ncount: 1.0", "$.count: got 1.0, want a whole number of at least 1")]
    [InlineData("rate: 1\ncount: 0.5", "$.count: got 0.5, want a whole number of at least 1")]
    [InlineData("rate: 1\ncount: 99999999999", "$.count: got 99999999999, want a whole number of at least 1")]
    [InlineData("rate: 1\nflags: true", "$.flags: got true, want a list")]
    [InlineData("rate: 1\nweights: [1]", "$.weights: got a list of 1, want a mapping (key: value)")]
    [InlineData("rate: 1\nlevels: [0.5, 2]", "$.levels[1]: got 2, want a number in [0, 1]")]
    [InlineData("rate: 1\nlevels: [0.5, null]", "$.levels[1]: got nothing, want a number in [0, 1]")]
    [InlineData("rate: 1\ninner: text", "$.inner: got 'text', want a mapping (key: value)")]
    [InlineData("rate: 1\nanything: [1, .nan]", "$.anything[1]: got NaN, want a finite number, text, true, false or nothing")]
    [InlineData("rate: 1\nanything: {a: {b: -.inf}}", "$.anything.a.b: got -Infinity, want a finite number, text, true, false or nothing")]
    [InlineData("rate: 1\nshape: {side: 1}", "$.shape.kind: got nothing, want one of square, circle")]
    [InlineData("rate: 1\nshape: {kind: cube}", "$.shape.kind: got 'cube', want one of square, circle")]
    [InlineData("rate: 1\nshape: {kind: square}", "$.shape.side: got nothing, want a number")]
    [InlineData("rate: 1\nshape: {kind: circle, radius: 1, side: 1}", "$.shape.side: got unknown key, want one of the keys kind, radius")]
    public void Bind_NamesFoundAndAllowed_WhenAValueIsWrong(string yaml, string expected)
    {
        string problem = Assert.Single(ProblemsOf("name: a\n" + yaml));

        Assert.EndsWith(expected, problem, StringComparison.Ordinal);
        Assert.Matches("^plan.yaml:[0-9]+: ", problem);
    }

    [Theory]
    [InlineData("double_rate: 2")]
    [InlineData("place: /tmp")]
    public void Bind_RefusesTheKey_WhenThePropertyIsComputedOrIgnored(string yaml)
    {
        string problem = Assert.Single(ProblemsOf("name: a\nrate: 1\n" + yaml));

        Assert.Contains("got unknown key", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_PlacesTheProblemOfARule_WhenARecordInsideIsChecked()
    {
        string problem = Assert.Single(ProblemsOf("""
            name: a
            rate: 1
            inner:
              low: 5
              high: 4
            """));

        Assert.Equal("plan.yaml:5: $.inner.high: got 4, want at least low (5)", problem);
    }

    [Theory]
    [InlineData("a: 1\na: 2", "plan.yaml:2: $: got Duplicate key a, want valid YAML")]
    [InlineData("# only a comment", "plan.yaml: $: got 0 documents, want exactly one YAML document")]
    [InlineData("a: 1\n---\nb: 2", "plan.yaml: $: got 2 documents, want exactly one YAML document")]
    public void Parse_RefusesTheText_WhenItIsNotOneDocument(string yaml, string expected) =>
        Assert.Equal([expected], ProblemsOf(yaml));

    [Fact]
    public void Parse_NamesTheLine_WhenTheTextIsNotYaml() =>
        Assert.StartsWith("plan.yaml:2: $: got ", Assert.Single(ProblemsOf("a: 1\nb: [1, 2\nc: }")), StringComparison.Ordinal);

    [Fact]
    public void Parse_RefusesTheText_WhenAliasesMakeItHuge()
    {
        // Nine levels of nine references each would be 9^9 values.
        string yaml = "l0: &l0 [x]\n" + string.Concat(Enumerable.Range(1, 9).Select(level =>
            $"l{level}: &l{level} [{string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 9))}]\n"));

        Assert.Contains("want at most 64 levels and 200000 values", Assert.Single(ProblemsOf(yaml)), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_RefusesTheText_WhenAnAliasHoldsItself() =>
        Assert.Contains("want at most 64 levels", Assert.Single(ProblemsOf("a: &a [*a]")), StringComparison.Ordinal);

    [Fact]
    public void Parse_RefusesTheText_WhenItIsDeepEnoughToExhaustTheStack() =>
        Assert.Contains("want at most 64 levels", Assert.Single(ProblemsOf(new string('[', 1_000_000))), StringComparison.Ordinal);

    [Fact]
    public void Parse_SucceedsOrRefuses_WhateverTheText() =>
        Gen.Int[0, YamlSigns.Length - 1].Select(index => YamlSigns[index]).Array[0, 40].Select(signs => new string(signs))
            .Sample(text => Record.Exception(() => DocumentTree.Parse(text)) is null or InvalidInputException, iter: 20_000);

    [Fact]
    public void With_NamesTheNewPlace_WhenTheNewValueIsWrong()
    {
        DocumentTree tree = DocumentTree.Parse("name: a\nrate: 1", "plan.yaml").With("rate", -1, new DocumentOrigin("axis.yaml", 9));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(tree.Bind<Plan>);

        Assert.Equal("axis.yaml:9: $.rate: got -1, want a number in (0, 100]", exception.Message);
    }

    [Fact]
    public void With_ForgetsOldLines_WhenAMappingIsReplaced()
    {
        DocumentTree tree = DocumentTree.Parse("name: a\nrate: 1\ninner:\n  low: 1\n  high: 2", "plan.yaml")
            .With("inner", new JsonObject { ["low"] = 2, ["high"] = 1 });

        InvalidInputException exception = Assert.Throws<InvalidInputException>(tree.Bind<Plan>);

        Assert.Equal("$.inner.high: got 1, want at least low (2)", exception.Message);
    }

    [Fact]
    public void With_LeavesTheOriginalAlone_WhenParentsAreMissing()
    {
        DocumentTree original = DocumentTree.Parse("name: a");

        DocumentTree changed = original.With("inner.low", 3);

        Assert.Null(original.ValueAt("$.inner"));
        Assert.Equal(3, changed.ValueAt("$.inner.low")!.GetValue<int>());
    }

    [Fact]
    public void With_KeepsTheFileOfAnotherDocument_WhenItIsPutInside()
    {
        DocumentTree inner = DocumentTree.Parse("\nlow: 5\nhigh: 4", "inner.yaml");
        DocumentTree tree = DocumentTree.Parse("name: a\nrate: 1", "plan.yaml").With("inner", inner);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(tree.Bind<Plan>);

        Assert.Equal("inner.yaml:3: $.inner.high: got 4, want at least low (5)", exception.Message);
    }

    [Fact]
    public void At_KeepsFileAndLines_WhenAPartIsTaken()
    {
        DocumentTree part = DocumentTree.Parse("a: 1\nb:\n  c:\n    d: 4", "plan.yaml").At("$.b.c")!;

        Assert.Equal(new DocumentOrigin("plan.yaml", 4), part.OriginOf("$.d"));
        Assert.Equal("4", part.ValueAt("$.d")!.ToJsonString());
        Assert.Null(part.At("$.e"));
    }

    [Fact]
    public void Canonical_GivesTheSameText_WhenOnlyOrderAndSpaceDiffer()
    {
        Plan first = Bind("name: a\nrate: 1\nshape: {kind: square, side: 2}");
        Plan second = Bind("shape:\n    side:   2.0\n    kind: square\nrate: 1.0\nname: 'a'");

        Assert.Equal(DocumentContract.Canonical(first), DocumentContract.Canonical(second));
    }

    [Fact]
    public void Read_RefusesTheFile_WhenItIsMissing()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => DocumentTree.Read("no-such.yaml"));

        Assert.Equal("no-such.yaml: file: got nothing, want an existing file", exception.Message);
    }

    private static Plan Bind(string yaml) => DocumentTree.Parse(yaml, "plan.yaml").Bind<Plan>();

    private static string[] ProblemsOf(string yaml) =>
        [.. Assert.Throws<InvalidInputException>(() => Bind(yaml)).Problems.Select(problem => problem.ToString())];

    internal enum Colour
    {
        DarkRed,
        White,
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Square), "square")]
    [JsonDerivedType(typeof(Circle), "circle")]
    internal abstract record Shape;

    internal sealed record Square : Shape
    {
        public required double Side { get; init; }
    }

    internal sealed record Circle : Shape
    {
        public required double Radius { get; init; }
    }

    internal sealed record Interval : IChecked
    {
        public int Low { get; init; }

        public int High { get; init; }

        public IEnumerable<Problem> Check()
        {
            if (High < Low)
            {
                yield return new Problem("$.high", High, $"at least low ({Low})");
            }
        }
    }

    internal sealed record Plan
    {
        public required string Name { get; init; }

        [Range(0, 100, MinimumIsExclusive = true)]
        public required double Rate { get; init; }

        [Range(1, double.PositiveInfinity)]
        public int Count { get; init; } = 1;

        public Colour Colour { get; init; }

        public IReadOnlyList<bool> Flags { get; init; } = [];

        public IReadOnlyDictionary<string, double>? Weights { get; init; }

        [Range(0, 1)]
        public IReadOnlyList<double> Levels { get; init; } = [];

        public Shape? Shape { get; init; }

        public JsonNode? Anything { get; init; }

        public Interval? Inner { get; init; }

        public double DoubleRate => Rate * 2;

        [JsonIgnore]
        public string? Place { get; init; }
    }
}
