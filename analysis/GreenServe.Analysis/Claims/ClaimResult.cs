using GreenServe.Records;

namespace GreenServe.Analysis.Claims;

/// <summary>A claim held against one evidence kind.</summary>
public sealed record ClaimResult
{
    /// <summary>The claim.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The evidence.</summary>
    public required EvidenceKind Evidence { get; init; }

    /// <summary>
    /// Which system, engine, model and precision it was tested on, without what the artifact varies itself; <c>null</c> where none is known.
    /// Claims are about one of each, so each is tested by itself.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>What it says.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>The value found, in the bound's unit; <c>null</c> when not tested.</summary>
    public double? Value { get; init; }

    /// <summary>The other columns of the query, as <c>name value</c>.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Why it was not tested; <c>null</c> when it was.</summary>
    public string? NotTestedReason { get; init; }

    /// <summary>Whether a PASS says something: not when the simulator was fitted to the claim.</summary>
    public bool IsCounted => !(Evidence == EvidenceKind.Simulated && Claim.UsedInCalibration.Used && Verdict == ClaimVerdict.Pass);

    /// <summary><c>PASS</c>, <c>PASS (not counted: used in calibration)</c>, <c>FAIL</c> or <c>NOT TESTED</c>.</summary>
    public string VerdictText => Verdict switch
    {
        ClaimVerdict.Pass => IsCounted ? "PASS" : "PASS (not counted: used in calibration)",
        ClaimVerdict.Fail => "FAIL",
        _ => "NOT TESTED",
    };
}
