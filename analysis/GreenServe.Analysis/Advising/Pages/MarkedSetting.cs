using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>A setting with the part that it plays in an advice.</summary>
/// <param name="Setting">The setting with its numbers.</param>
/// <param name="Role">Its part, for example <c>recommended</c>.</param>
/// <param name="Document">The advice.</param>
internal sealed record MarkedSetting(AdvisedSetting Setting, string Role, AdviceDocument Document)
{
    /// <summary>Part of the setting that is recommended.</summary>
    internal const string Recommended = "recommended";

    /// <summary>Part of a finalist that is not recommended.</summary>
    internal const string Finalist = "finalist";

    /// <summary>Part of the setting that keeps the SLO even at the far end of the error bands.</summary>
    internal const string Cautious = "cautious choice";

    /// <summary>Part of the default.</summary>
    internal const string Default = "default";

    /// <summary>Part of the default with as many accelerators as the recommended setting.</summary>
    internal const string DefaultOfEqualSize = "default of equal size";

    /// <summary>Part of the setting that comes nearest to an SLO that nothing meets.</summary>
    internal const string Nearest = "nearest to the SLO";

    private const string Measured = "measured";

    private const string Other = "tried";

    /// <summary>The serving setting.</summary>
    internal ServingSetting Serving => Setting.Setting;

    /// <summary>The knobs of the setting.</summary>
    internal Knobs Knobs => Setting.Setting.Knobs;

    /// <summary>The finalists in their order.</summary>
    internal static IEnumerable<MarkedSetting> Finalists(AdviceDocument document) => document.Finalists
        .Select((setting, index) => new MarkedSetting(setting, index == 0 ? Recommended : Finalist, document));

    /// <summary>The settings that a reader compares the recommended one with.</summary>
    internal static IEnumerable<MarkedSetting> References(AdviceDocument document) =>
        new (AdvisedSetting? Setting, string Role)[]
        {
            (document.Nearest, Nearest), (document.Cautious, Cautious), (document.Default, Default),
            (document.DefaultOfEqualSize, DefaultOfEqualSize),
        }.Where(item => item.Setting is not null).Select(item => new MarkedSetting(item.Setting!, item.Role, document));

    /// <summary>Every setting that has a name in the advice: the finalists, then what they are compared with.</summary>
    internal static IEnumerable<MarkedSetting> Named(AdviceDocument document) => [.. Finalists(document), .. References(document)];

    /// <summary>
    /// Every setting that was simulated or measured, once: those with a name, then the others that were simulated, then those that were
    /// measured. A setting that plays several parts has the first of them, and its numbers there, which stand on the most requests.
    /// </summary>
    internal static IReadOnlyList<MarkedSetting> All(AdviceDocument document) =>
    [
        .. Named(document)
            .Concat(document.Tried.Select(setting => new MarkedSetting(setting, Other, document)))
            .Concat(document.Measured.Select(setting => new MarkedSetting(setting, Measured, document)))
            .DistinctBy(item => (item.Setting.Evidence, item.Setting.Setting)),
    ];
}
