using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Records.Slos;

namespace GreenServe.Tests.Analysis.Reports.Interactive;

public sealed class SloLimitWordsTests
{
    [Fact]
    public void Read_TakesTheLimitOfTheClass_WhereTheQuestionIsAboutOne()
    {
        string words = Words(
            new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 0.25, Percentile = 90, Classes = ["SS", "SM"] },
            new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 2, Percentile = 99, Classes = ["LS", "LL"] },
            new SloLimit { Metric = SloMetric.Tbt, LimitSeconds = 0.1, Percentile = 50 });

        Assert.Equal(new SloLimitWords(90, 0.25, 50, 0.1), SloLimitWords.Read(words, ["SM", "low load"]));
        Assert.Equal(new SloLimitWords(99, 2, 50, 0.1), SloLimitWords.Read(words, ["LL", "low load"]));

        // A mixed load has no single limit.
        Assert.Equal(new SloLimitWords(99, null, 50, 0.1), SloLimitWords.Read(words, ["low load"]));
    }

    [Fact]
    public void Read_TakesNoLimit_ThatIsNotInSecondsOrOfAnotherPercentile()
    {
        string words = Words(
            new SloLimit { Metric = SloMetric.Ttft, IsolatedMultiple = 5, Percentile = 99 },
            new SloLimit { Metric = SloMetric.Tbt, LimitSeconds = 0.1, Percentile = 95 });

        Assert.Equal(new SloLimitWords(99, null, 99, null), SloLimitWords.Read(words, []));
        Assert.Equal(new SloLimitWords(99, null, 99, null), SloLimitWords.Read(null, []));
    }

    private static string Words(params SloLimit[] limits) => string.Join("; ", limits.Select(LimitText.Allowed));
}
