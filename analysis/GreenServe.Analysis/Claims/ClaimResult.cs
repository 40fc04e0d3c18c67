using GreenServe.Records;

namespace GreenServe.Analysis.Claims;

/// <summary>A claim held against one evidence kind.</summary>
public sealed record ClaimResult
{
    /// <summary>The claim that was tested.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The evidence kind on which the claim was tested.</summary>
    public required EvidenceKind Evidence { get; init; }

    /// <summary>
    /// The system, engine, model and precision that it was tested on, without what the artifact varies itself; <c>null</c> where none is
    /// known. A claim is about one of each, so each is tested by itself.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>Whether the evidence supports the claim.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>The value found, in the bound's unit; <c>null</c> when not tested.</summary>
    public double? Value { get; init; }

    /// <summary>The other columns of the query, as <c>name value</c>.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Why it was not tested; <c>null</c> when it was.</summary>
    public string? NotTestedReason { get; init; }

    /// <summary>Whether the result counts. A simulated PASS says nothing when the simulator was fitted to the claim.</summary>
    public bool IsCounted => !(Evidence == EvidenceKind.Simulated && Claim.UsedInCalibration.Used && Verdict == ClaimVerdict.Pass);

    /// <summary><c>PASS</c>, <c>PASS (not counted: used in calibration)</c>, <c>FAIL</c> or <c>NOT TESTED</c>.</summary>
    public string VerdictText =>
        Verdict == ClaimVerdict.Pass && !IsCounted ? "PASS (not counted: used in calibration)" : TextOf(Verdict);

    /// <summary><c>PASS</c>, <c>FAIL</c> or <c>NOT TESTED</c>.</summary>
    internal static string TextOf(ClaimVerdict verdict) => verdict switch
    {
        ClaimVerdict.Pass => "PASS",
        ClaimVerdict.Fail => "FAIL",
        _ => "NOT TESTED",
    };
}

/// <summary>The outcome of testing a claim on one evidence kind.</summary>
public enum ClaimVerdict
{
    /// <summary>The claim's bound holds.</summary>
    Pass,

    /// <summary>The bound does not hold.</summary>
    Fail,

    /// <summary>The evidence kind has no data on which the claim can be tested.</summary>
    NotTested,
}
