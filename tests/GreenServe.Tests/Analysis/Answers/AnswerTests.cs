using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerTests
{
    [Fact]
    public void Of_NamesWhatTheExperimentChanges_BesideTheWorkload()
    {
        Answer changed = AnswerOf("requests, arrival.concurrency", "requests, lengths.input");
        Answer unchanged = AnswerOf(null, null);

        // The rows of an answer may change different parts. Each part is named once.
        Assert.Equal("class-mm with other requests, arrival.concurrency, lengths.input", changed.Of(StandardColumns.Workload));
        Assert.Equal("class-mm", unchanged.Of(StandardColumns.Workload));
    }

    private static Answer AnswerOf(string? slow, string? fast) => Assert.Single(
        Answer.AllOf([SyntheticTable.Grid("gpu-clock", Row(1200, joules: 8, slow), Row(1980, joules: 9, fast))]));

    private static object Row(double megahertz, double joules, string? changes) => new
    {
        evidence = "simulated",
        workload = "class-mm",
        workload_changes = changes,
        gpu_clock_megahertz = megahertz,
        joules_per_request = joules,
    };
}
