using System.Text.Json.Serialization;

namespace GreenServe.Records.Verdicts;

/// <summary>Whether a run may be believed: VALID, or INVALID with every reason.</summary>
/// <param name="Reasons">Why it is invalid, each with its numbers; empty for a valid run.</param>
public sealed record RunVerdict(IReadOnlyList<VerdictReason> Reasons)
{
    /// <summary>The verdict of a run that nothing speaks against.</summary>
    public static RunVerdict Valid { get; } = new([]);

    /// <summary>The verdict that stands in <c>run.json</c> until the run has ended.</summary>
    public static RunVerdict Interrupted { get; } =
        new([new VerdictReason(VerdictCode.Interrupted, "the run was stopped before its end")]);

    /// <summary>Whether nothing speaks against the run.</summary>
    public bool IsValid => Reasons.Count == 0;

    /// <summary>Whether the run was stopped before its end, so that its tables may be cut short.</summary>
    [JsonIgnore]
    public bool IsInterrupted => Reasons.Any(reason => reason.Is(VerdictCode.Interrupted));

    /// <summary><c>VALID</c> or <c>INVALID</c> with the reasons.</summary>
    public override string ToString() => IsValid ? "VALID" : $"INVALID ({string.Join("; ", Reasons.Select(reason => reason.Message))})";
}

/// <summary>One reason against a run.</summary>
public sealed record VerdictReason
{
    /// <summary>A reason with one of the listed codes.</summary>
    /// <param name="code">What is wrong.</param>
    /// <param name="message">What was found and the limit, with numbers, for people.</param>
    public VerdictReason(VerdictCode code, string message)
        : this(code.Text, message)
    {
    }

    [JsonConstructor]
    private VerdictReason(string code, string message) => (Code, Message) = (code, message);

    /// <summary>
    /// Text of the code, in kebab-case, for example <c>client-lag</c>. In a record of another version it may be one that
    /// <see cref="VerdictCode"/> does not list.
    /// </summary>
    public string Code { get; }

    /// <summary>What was found and the limit, with numbers, for people.</summary>
    public string Message { get; }

    /// <summary>What the reason is about; <c>null</c> where this build does not know the code.</summary>
    [JsonIgnore]
    public VerdictSubject? Subject => VerdictCode.Find(Code)?.Subject;

    /// <summary>Whether the reason has this code.</summary>
    public bool Is(VerdictCode code) => Code == code.Text;
}
