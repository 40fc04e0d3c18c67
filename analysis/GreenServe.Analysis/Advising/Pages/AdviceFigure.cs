using GreenServe.Analysis.Figures;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>A figure of an advice.</summary>
/// <param name="Name">Name in kebab-case: the name of its files.</param>
/// <param name="Question">The question it answers, in a sentence.</param>
/// <param name="Drawing">The figure.</param>
internal sealed record AdviceFigure(string Name, string Question, Figure Drawing)
{
    /// <summary>The figures that an advice has enough content for, in the order of the page.</summary>
    internal static IReadOnlyList<AdviceFigure> AllOf(AdviceDocument document) =>
    [
        .. new[] { ParetoChart.Of(document), FinalistChart.Of(document), SensitivityChart.Of(document) }.OfType<AdviceFigure>(),
    ];

    /// <summary>Evidence kinds, workload, hardware and model: what no copy of a figure may lose.</summary>
    internal static string Subtitle(AdviceDocument document)
    {
        IReadOnlyList<MarkedSetting> all = MarkedSetting.All(document);
        string Distinct(Func<MarkedSetting, string> read) => string.Join(", ", all.Select(read).Distinct());
        return $"{Distinct(item => EnumText.Of(item.Setting.Evidence))}; workload {document.WorkloadName}; "
            + $"{Distinct(item => item.Serving.Model)} on {Distinct(item => item.Serving.Gpu)}; {Distinct(item => item.Serving.Engine)}; "
            + (document.Slo is { } slo ? $"SLO {slo.Name}" : "no SLO");
    }
}
