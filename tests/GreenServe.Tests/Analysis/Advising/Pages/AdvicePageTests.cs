using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Advising.Pages;

public sealed class AdvicePageTests
{
    [Fact]
    public void Write_SaysTheAdviceFirst_WithItsEvidence()
    {
        using TemporaryFolder folder = new();

        AdvicePage.Write(SyntheticAdvice.Full(), folder.Root);

        string html = File.ReadAllText(folder.PathOf("advice.html"));
        Assert.Contains(
            "<p class=\"headline\"><span class=\"badge simulated\">simulated</span> " + SyntheticAdvice.Recommended,
            html, StringComparison.Ordinal);
    }
}
