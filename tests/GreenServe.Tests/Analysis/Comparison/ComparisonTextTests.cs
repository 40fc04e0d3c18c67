using GreenServe.Analysis.Comparison;

namespace GreenServe.Tests.Analysis.Comparison;

public sealed class ComparisonTextTests
{
    [Fact]
    public void Markdown_EscapesForeignText_WhenAModelsNameIsMarkup()
    {
        SyntheticRun[] hostile = [.. RepeatedRuns.With(1).Select(run => run with { Model = "<script>|" })];
        ComparisonReport report = RepeatedRuns.Compare(RepeatedRuns.With(1), hostile);

        string text = ComparisonText.Markdown(report);

        Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
        Assert.Contains("model: \"llama-2-70b\" -&gt; \"&lt;script&gt;\\|\"", text, StringComparison.Ordinal);
    }
}
