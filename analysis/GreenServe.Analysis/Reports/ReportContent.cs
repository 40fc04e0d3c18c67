using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The content of a report.</summary>
internal sealed record ReportContent
{
    /// <summary>The artifacts, in order.</summary>
    internal required IReadOnlyList<ArtifactCaption> Captions { get; init; }

    /// <summary>Their tables by file name.</summary>
    internal required IReadOnlyDictionary<string, ResultTable> Tables { get; init; }

    /// <summary>Their figures as SVG, by the artifact's name.</summary>
    internal required IReadOnlyDictionary<string, string> Pictures { get; init; }

    /// <summary>Names of all files in the artifacts' folder: what the page may link to.</summary>
    internal required IReadOnlySet<string> Files { get; init; }

    /// <summary>Every claim for each evidence kind and subject.</summary>
    internal required IReadOnlyList<ClaimResult> Claims { get; init; }

    /// <summary>What the command that made the records found, most important first; empty where no command found anything.</summary>
    internal IReadOnlyList<Headline> Findings { get; init; } = [];

    /// <summary>Advices that have pages of their own beside the report.</summary>
    internal IReadOnlyList<AdviceLink> Advices { get; init; } = [];

    /// <summary>The settings of least energy.</summary>
    internal required IReadOnlyList<Answer> Answers { get; init; }
}

/// <summary>An advice that has a page of its own.</summary>
/// <param name="Headline">Its most important sentence.</param>
/// <param name="Address">Address of the page, relative to the report.</param>
internal sealed record AdviceLink(Headline Headline, string Address);
