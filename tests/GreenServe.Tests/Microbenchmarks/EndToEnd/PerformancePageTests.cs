using GreenServe.Microbenchmarks.EndToEnd;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Microbenchmarks.EndToEnd;

/// <summary>The page of the suite's own performance says what the numbers beside it say.</summary>
public sealed class PerformancePageTests
{
    private const string Empty = """
        Before.
        <!-- Written by the benchmark from performance.json, do not edit. -->
        Old.
        <!-- The end of what the benchmark writes. -->
        After.
        """;

    [Fact]
    public void Page_SaysWhatTheNumbersBesideItSay()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "reference", "performance.md")).ReplaceLineEndings("\n");
        PerformanceFile file = PerformanceFile.Read(Repository.PathOf("docs", "reference", "performance.json"));

        // The page is made by: dotnet run --project benchmarks/GreenServe.Microbenchmarks -- end-to-end --page-only
        Assert.Equal(PerformancePage.Fill(page, file), page);
    }

    [Fact]
    public void Fill_ReplacesOnlyWhatStandsBetweenTheMarkers()
    {
        string page = PerformancePage.Fill(Empty, Measured(first: 26, last: 5));

        Assert.StartsWith("Before.", page, StringComparison.Ordinal);
        Assert.EndsWith("After.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Old.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_SaysReached_WhenTheCostIsAtMostTheGoal() =>
        // 6 s are wanted. A goal of 6 s where the first version took 26 s is 23 %; 5 s of 26 s are 19 %.
        Assert.Contains(
            "| `run`, 1,000,000 requests, time | 6.00 s | 26.0 s | 5.00 s | 23 %, 19 % | reached |\n",
            PerformancePage.Fill(Empty, Measured(first: 26, last: 5)),
            StringComparison.Ordinal);

    [Fact]
    public void Fill_SaysMissed_WhenTheCostIsAboveTheGoal() =>
        // 9 s are 1.5 times 6 s, and 35 % of 26 s are more than 23 %.
        Assert.Contains(
            "| 23 %, 35 % | **missed**: 1.5 times what is wanted |\n",
            PerformancePage.Fill(Empty, Measured(first: 26, last: 9)),
            StringComparison.Ordinal);

    [Fact]
    public void Fill_SaysReachedAsAShare_WhenTheMachineIsSlower() =>
        // A machine of half the speed: 9 s of 52 s are 17 %.
        Assert.Contains(
            "| 23 %, 17 % | **missed**: 1.5 times what is wanted; as a share reached |\n",
            PerformancePage.Fill(Empty, Measured(first: 52, last: 9)),
            StringComparison.Ordinal);

    [Fact]
    public void Fill_SaysWhyANumberIsMissing()
    {
        string page = PerformancePage.Fill(Empty, new([Measurement("now", new("run", 1_000_000) { NotMeasured = "exit code 3: full" })]));

        Assert.Contains("| `run`, 1,000,000 requests | now | not measured: exit code 3: full |", page, StringComparison.Ordinal);
        Assert.Contains(
            "| `run`, 1,000,000 requests, time | 6.00 s | not measured | 23 %, – | not measured |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_Refuses_APageWithoutMarkers() =>
        Assert.Throws<InvalidInputException>(() => PerformancePage.Fill("A page.", Measured(26, 5)));

    private static PerformanceFile Measured(double first, double last) =>
        new([Measurement("first", Run(first)), Measurement("last", Run(last))]);

    private static CommandCost Run(double seconds) => new("run", 1_000_000)
    {
        WallSeconds = seconds,
        UserSeconds = seconds,
        SystemSeconds = 0,
        ReferenceSeconds = 0.5,
    };

    private static PerformanceMeasurement Measurement(string label, CommandCost cost) => new(
        label, "0123456789abcdef", "2026-01-31", new PerformanceHost("a processor x 2", 8_000_000_000, "an OS", ".NET"), 1_000_000, [cost]);
}
