using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>Sentences that the Markdown and the HTML page share. Not escaped.</summary>
internal static class ReportText
{
    // More workloads than this are counted instead of listed.
    private const int MaxWorkloads = 4;

    /// <summary>How many artifacts stand on which evidence.</summary>
    internal static string Evidence(IReadOnlyList<ArtifactCaption> captions)
    {
        int simulated = captions.Count(caption => Has(caption, EvidenceKind.Simulated));
        int measured = captions.Count(caption => Has(caption, EvidenceKind.Measured));
        int estimated = captions.Count(caption => Has(caption, EvidenceKind.Estimated));
        return $"{captions.Count} artifacts: {simulated} with simulated evidence, {measured} with measured evidence"
            + (estimated > 0 ? $", {estimated} with estimated evidence. " : ". ")
            + "A simulated number is computed from a model of the hardware, not read from it."
            + (estimated > 0 ? " An estimated energy comes from a power model beside a load that was measured." : "");
    }

    /// <summary>How the results of each evidence kind are spread over verdicts.</summary>
    internal static string ClaimCounts(IReadOnlyList<ClaimResult> results)
    {
        string text = string.Join("; ", Enum.GetValues<EvidenceKind>()
            .Select(evidence => (Evidence: evidence, Part: results.Where(result => result.Evidence == evidence).ToArray()))
            .Where(kind => kind.Part.Any(result => result.Verdict != ClaimVerdict.NotTested))
            .Select(kind => $"{EnumText.Of(kind.Evidence)} evidence: {ClaimCount(kind.Part)}"));
        return text.Length > 0 ? text : $"{results.Select(result => result.Claim.Id).Distinct().Count()} claims, none tested";
    }

    /// <summary>How the results of one evidence kind are spread over verdicts.</summary>
    internal static string ClaimCount(IReadOnlyList<ClaimResult> part)
    {
        int Count(ClaimVerdict verdict) => part.Count(result => result.Verdict == verdict && result.IsCounted);
        int claims = part.Select(result => result.Claim.Id).Distinct().Count();
        int notCounted = part.Count(result => !result.IsCounted);
        return $"{Count(ClaimVerdict.Pass)} PASS, {Count(ClaimVerdict.Fail)} FAIL, {Count(ClaimVerdict.NotTested)} NOT TESTED"
            + (notCounted > 0 ? $", {notCounted} more hold but were used in calibration and are not counted" : "")
            + (part.Count > claims
                ? $" ({part.Count} tests of {claims} claims: where an artifact holds several models or systems, each is tested)"
                : "");
    }

    /// <summary>How many runs stand behind the artifacts, and whether they are valid.</summary>
    internal static string Runs(IReadOnlyList<ArtifactCaption> captions)
    {
        // Companions are drawn from the runs of the artifact before them.
        ArtifactCaption[] own =
        [
            .. captions.Where(caption => ArtifactCatalog.Find(caption.Name) is not null || caption.Name == RunsTable.Name
                || ArtifactCatalog.IsOfGrid(caption)),
        ];
        int invalid = own.Sum(caption => caption.InvalidRuns);
        int runs = own.Sum(caption => caption.Runs);
        string verdict = invalid == 0 ? "all of them VALID" : $"{invalid} of them INVALID, which enter no mean";
        return runs == 1
            ? $"1 run; it is {(invalid == 0 ? "VALID" : "INVALID and no result")}."
            : $"{runs} runs; {verdict}.";
    }

    /// <summary>Whether a result is listed. An evidence kind without a tested claim is left out where another one has one.</summary>
    internal static bool IsShown(ClaimResult result, IReadOnlyList<ClaimResult> results) =>
        results.Any(other => other.Evidence == result.Evidence && other.Verdict != ClaimVerdict.NotTested)
        || (result.Evidence == EvidenceKind.Simulated && results.All(other => other.Verdict == ClaimVerdict.NotTested));

    /// <summary>The value that a claim's query found, or the reason why the claim was not tested.</summary>
    internal static string Found(ClaimResult result) => result.Value is { } value
        ? string.Join("; ", new[] { $"{NumberText.Of(value)} {result.Claim.Bound!.Unit}".Trim() }.Concat(result.Details))
        : result.NotTestedReason ?? "";

    /// <summary>How the source of a claim is known.</summary>
    internal static string Reading(SourceReading reading) => reading switch
    {
        SourceReading.Read => "source read",
        SourceReading.SecondHand => "second-hand",
        SourceReading.Computed => "computed from its public data",
        _ => "recalled, not verified",
    };

    /// <summary>Describes the hardware, model and workload of an artifact.</summary>
    internal static string Setting(ArtifactCaption caption)
    {
        string invalid = caption.InvalidRuns > 0 ? $", {caption.InvalidRuns} of them invalid and left out" : "";
        int more = caption.Workloads.Count - MaxWorkloads;
        return $"{string.Join(", ", caption.Systems)}; {string.Join(", ", caption.Models)}; {string.Join(", ", caption.Engines)}; "
            + $"workload {string.Join(", ", caption.Workloads.Take(MaxWorkloads))}{(more > 0 ? $" and {more} more" : "")}; "
            + $"{caption.Seeds.Count} seeds, {caption.Runs} runs{invalid}. {caption.ErrorBars} {caption.Energy}"
            + (caption.HostScaling is { } scaling ? $" Host: {string.Join("; ", scaling)}." : "");
    }

    /// <summary>Describes the runs behind a figure of the page, whose caption names hardware, models and error bars.</summary>
    internal static string Origin(ArtifactCaption caption)
    {
        string invalid = caption.InvalidRuns > 0 ? $", {caption.InvalidRuns} of them invalid and left out" : "";
        int more = caption.Workloads.Count - MaxWorkloads;
        return $"Workload {string.Join(", ", caption.Workloads.Take(MaxWorkloads))}{(more > 0 ? $" and {more} more" : "")}; "
            + $"{caption.Runs} runs{invalid}. {caption.Energy}"
            + (caption.HostScaling is { } scaling ? $" Host: {string.Join("; ", scaling)}." : "");
    }

    /// <summary>The limits of the report: what a reader must know before trusting its numbers.</summary>
    /// <param name="captions">The artifacts.</param>
    /// <param name="hasClaims">Whether the report holds claims of papers against them.</param>
    internal static IEnumerable<string> Limits(IReadOnlyList<ArtifactCaption> captions, bool hasClaims)
    {
        if (captions.Any(caption => Has(caption, EvidenceKind.Simulated)))
        {
            yield return "Simulated numbers come from a model of step time and power "
                + "whose constants were fitted to published measurements. "
                + (captions.Any(caption => caption.Name is PredictionArtifact.Name or PredictionArtifact.TwinName)
                    ? "Its errors against held-out points stand above; how power falls with the clock is its weakest part. "
                        + "Error bands are for numbers as they stand: two settings of one simulator share most of their error, "
                        + "so that a ratio of two simulated numbers is surer than either. "
                        + "What is left of it for a change of the GPU clock or the power cap is not known."
                    : "Its errors against measured points are not in this report: no file of such points was there when it was made.");
        }

        if (captions.Any(caption => Has(caption, EvidenceKind.Estimated)))
        {
            yield return "Estimated joules and watts come from a power model with a stated design power, not from a meter: "
                + "no error bound is known for them.";
        }

        yield return "Joules cover the accelerators of the serving system unless a figure says otherwise: no host, no network, no cooling.";
        yield return "Percentiles are nearest-rank. Intervals are between runs, never within one.";
        if (hasClaims)
        {
            yield return "The body of the paper that gave rise to the suite (arXiv 2403.20306) was not available: "
                + "axes and grids of its figures are ours.";
            yield return "A claim that was used to fit the simulator cannot be confirmed by it: its PASS is shown and not counted.";
        }
    }

    private static bool Has(ArtifactCaption caption, EvidenceKind kind) => caption.Evidence.Contains(EnumText.Of(kind));
}
