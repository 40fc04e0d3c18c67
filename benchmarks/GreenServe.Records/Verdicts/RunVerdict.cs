namespace GreenServe.Records.Verdicts;

/// <summary>Whether a run may be believed: VALID, or INVALID with every reason.</summary>
/// <param name="Reasons">Why it is invalid, each with its numbers; empty for a valid run.</param>
public sealed record RunVerdict(IReadOnlyList<VerdictReason> Reasons)
{
    /// <summary>A run without objections.</summary>
    public static RunVerdict Valid { get; } = new([]);

    /// <summary>Code of the reason that stands in a record until the run has ended.</summary>
    public const string InterruptedCode = "interrupted";

    /// <summary>What stands in <c>run.json</c> until the run has ended.</summary>
    public static RunVerdict Interrupted { get; } = new([new VerdictReason(InterruptedCode, "the run was stopped before its end")]);

    /// <summary>Whether there is no reason against it.</summary>
    public bool IsValid => Reasons.Count == 0;

    /// <summary><c>VALID</c> or <c>INVALID</c> with the reasons.</summary>
    public override string ToString() => IsValid ? "VALID" : $"INVALID ({string.Join("; ", Reasons.Select(reason => reason.Message))})";
}
