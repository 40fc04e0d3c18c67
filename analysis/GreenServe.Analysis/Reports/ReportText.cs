using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Records;

namespace GreenServe.Analysis.Reports;

/// <summary>Sentences that the Markdown and the HTML page share. Not escaped.</summary>
internal static class ReportText
{
    internal static string Evidence(IReadOnlyList<ArtifactCaption> captions)
    {
        int simulated = captions.Count(caption => caption.Evidence.Contains("simulated"));
        int measured = captions.Count(caption => caption.Evidence.Contains("measured"));
        return $"{captions.Count} artifacts: {simulated} with simulated evidence, {measured} with measured evidence. "
            + "A simulated number is computed from a model of the hardware, not read from it.";
    }

    internal static string ClaimCounts(IReadOnlyList<ClaimResult> results)
    {
        string text = string.Join("; ", Enum.GetValues<EvidenceKind>()
            .Select(evidence => (Evidence: evidence, Part: results.Where(result => result.Evidence == evidence).ToArray()))
            .Where(kind => kind.Part.Any(result => result.Verdict != ClaimVerdict.NotTested))
            .Select(kind => $"{GreenServe.Records.Documents.EnumText.Of(kind.Evidence)} evidence: {ClaimCount(kind.Part)}"));
        return text.Length > 0 ? text : $"{results.Select(result => result.Claim.Id).Distinct().Count()} claims, none tested";
    }

    /// <summary>How one evidence kind's results are spread.</summary>
    internal static string ClaimCount(IReadOnlyList<ClaimResult> part)
    {
        int Count(ClaimVerdict verdict) => part.Count(result => result.Verdict == verdict && result.IsCounted);
        int claims = part.Select(result => result.Claim.Id).Distinct().Count();
        return $"{Count(ClaimVerdict.Pass)} PASS, {Count(ClaimVerdict.Fail)} FAIL, {Count(ClaimVerdict.NotTested)} NOT TESTED"
            + (part.Any(result => !result.IsCounted) ? $", {part.Count(result => !result.IsCounted)} more hold but were used in calibration and are not counted" : "")
            + (part.Count > claims ? $" ({part.Count} tests of {claims} claims: where an artifact holds several models or systems, each is tested)" : "");
    }

    internal static string Runs(IReadOnlyList<ArtifactCaption> captions)
    {
        // Companions are drawn from the runs of the artifact before them.
        ArtifactCaption[] own = [.. captions.Where(caption => ArtifactCatalog.Find(caption.Name) is not null || caption.Name == RunsTable.Name)];
        int invalid = own.Sum(caption => caption.InvalidRuns);
        return $"{own.Sum(caption => caption.Runs)} runs; {(invalid == 0 ? "all of them VALID" : $"{invalid} of them INVALID, which enter no mean")}.";
    }

    /// <summary>Evidence kinds without any result are left out where the other one has results.</summary>
    internal static bool IsShown(ClaimResult result, IReadOnlyList<ClaimResult> results) =>
        results.Any(other => other.Evidence == result.Evidence && other.Verdict != ClaimVerdict.NotTested)
        || (result.Evidence == EvidenceKind.Simulated && results.All(other => other.Verdict == ClaimVerdict.NotTested));

    internal static string Found(ClaimResult result) => result.Value is { } value
        ? string.Join("; ", new[] { $"{NumberText.Of(value)} {result.Claim.Bound!.Unit}".Trim() }.Concat(result.Details))
        : result.NotTestedReason ?? "";

    internal static string Reading(SourceReading reading) => reading switch
    {
        SourceReading.Read => "source read",
        SourceReading.SecondHand => "second-hand",
        SourceReading.Computed => "computed from its public data",
        _ => "recalled, not verified",
    };

    internal static string Setting(ArtifactCaption caption)
    {
        string invalid = caption.InvalidRuns > 0 ? $", {caption.InvalidRuns} of them invalid and left out" : "";
        return $"{string.Join(", ", caption.Systems)}; {string.Join(", ", caption.Models)}; {string.Join(", ", caption.Engines)}; "
            + $"workload {string.Join(", ", caption.Workloads.Take(4))}{(caption.Workloads.Count > 4 ? $" and {caption.Workloads.Count - 4} more" : "")}; "
            + $"{caption.Seeds.Count} seeds, {caption.Runs} runs{invalid}. {caption.ErrorBars} {caption.Energy}";
    }

    internal static IEnumerable<string> Limits(IReadOnlyList<ArtifactCaption> captions)
    {
        if (captions.Any(caption => caption.Evidence.Contains("simulated")))
        {
            yield return "Simulated numbers come from a model of step time and power whose constants were fitted to published measurements. "
                + (captions.Any(caption => caption.Name is PredictionArtifact.Name or PredictionArtifact.TwinName)
                    ? "Its errors against held-out points stand above; how power falls with the clock is its weakest part."
                    : "Its errors against measured points are not in this report: no file of such points was there when it was made.");
        }

        yield return "Joules cover the accelerators of the serving system unless a figure says otherwise: no host, no network, no cooling.";
        yield return "The body of the paper that gave rise to the suite (arXiv 2403.20306) was not available: axes and grids of its figures are ours.";
        yield return "Percentiles are nearest-rank. Intervals are between runs, never within one.";
        yield return "A claim that was used to fit the simulator cannot be confirmed by it: its PASS is shown and not counted.";
    }
}
