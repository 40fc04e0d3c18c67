using GreenServe.Analysis.Advising;
using GreenServe.Tests.Analysis.Advising.Pages;

namespace GreenServe.Tests.Analysis.Advising;

public sealed class AdviceWarningsTests
{
    [Fact]
    public void Of_SaysWhichIntensityCarbonCountsWith()
    {
        AdviceDocument advice = SyntheticAdvice.Full() with
        {
            Objective = AdviceObjective.Carbon,
            Grid = "the operator, 2025, mean over time from 2025-01-15T17:00:00Z to 2025-01-15T20:00:00Z",
        };

        Assert.Contains(
            "The carbon intensity is one number for all times (the operator, 2025, mean over time from 2025-01-15T17:00:00Z to "
                + "2025-01-15T20:00:00Z), so that carbon ranks the settings as joules per token do.",
            AdviceWarnings.Of(advice));
        Assert.DoesNotContain(
            AdviceWarnings.Of(advice with { Objective = AdviceObjective.Joules }),
            warning => warning.Contains("carbon", StringComparison.OrdinalIgnoreCase));
    }
}
