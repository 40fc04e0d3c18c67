using System.Text.Json;
using GreenServe.Analysis.Comparison;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison;

public sealed class AllocationComparisonTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(10_000, 10_199, ChangeVerdict.Same)]     // under 2 %
    [InlineData(10_000, 10_200, ChangeVerdict.Worse)]
    [InlineData(10_000, 9_800, ChangeVerdict.Better)]
    [InlineData(100, 163, ChangeVerdict.Same)]           // under 64 B
    [InlineData(100, 164, ChangeVerdict.Worse)]
    [InlineData(0, 0, ChangeVerdict.Same)]
    [InlineData(0, 64, ChangeVerdict.Worse)]
    public void Of_JudgesByShareAndBytes_WhenAllocationsDiffer(long before, long after, ChangeVerdict expected)
    {
        string baseline = Report("before.json", ("A.Run(N: 1)", before));
        string candidate = Report("after.json", ("A.Run(N: 1)", after));

        ComparisonReport report = AllocationComparison.Of([baseline], [candidate]);

        Assert.Equal(expected, Assert.Single(report.Changes).Verdict);
        Assert.Equal(expected == ChangeVerdict.Worse, report.IsWorse);
        _ = ComparisonText.Markdown(report) + ComparisonFile.JUnit(report) + ComparisonFile.Json(report);
    }

    [Fact]
    public void Of_NamesBenchmarks_WhenOnlyOneSideHasThem()
    {
        string baseline = Report("before.json", ("A", 1), ("Gone", 1));
        string candidate = Report("after.json", ("A", 1), ("New", 1));

        ComparisonReport report = AllocationComparison.Of([baseline], [candidate]);

        Assert.Equal(["only in the candidate: New"], report.Notes);
        Assert.Equal([new LostResult("Gone", "not in the candidate")], report.Lost);
        Assert.False(report.PassesGate);
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("{\"Benchmarks\": 3}", "$.Benchmarks")]
    [InlineData("{\"Benchmarks\": [{\"FullName\": \"A\"}]}", "$.Benchmarks[0].Memory.BytesAllocatedPerOperation")]
    [InlineData("{\"Benchmarks\": [{\"FullName\": \"A\", \"Memory\": {\"BytesAllocatedPerOperation\": \"many\"}}]}", "$")]
    public void Of_NamesThePlace_WhenAReportIsDamaged(string text, string place)
    {
        string good = Report("before.json", ("A", 1));
        string damaged = folder.Write("after.json", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => AllocationComparison.Of([good], [damaged]));

        Assert.Equal(place, exception.Problems[0].Place);
        Assert.EndsWith("after.json", exception.Problems[0].File, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Refuses_WhenNoBenchmarkIsInBoth() => Assert.Throws<InvalidInputException>(() =>
        AllocationComparison.Of([Report("before.json", ("A", 1))], [Report("after.json", ("B", 1))]));

    public void Dispose() => folder.Dispose();

    private string Report(string name, params (string Name, long Bytes)[] benchmarks) => folder.Write(name, JsonSerializer.Serialize(new
    {
        Title = "x",
        Benchmarks = benchmarks.Select(one => new { FullName = one.Name, Memory = new { BytesAllocatedPerOperation = one.Bytes } }),
    }));
}
