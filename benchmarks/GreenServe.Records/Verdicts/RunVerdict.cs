using System.Text.Json.Serialization;

namespace GreenServe.Records.Verdicts;

/// <summary>Whether the numbers of a run can be trusted: VALID, or INVALID with every reason.</summary>
/// <param name="Reasons">Why the run is invalid, each reason with its numbers; empty for a valid run.</param>
public sealed record RunVerdict(IReadOnlyList<VerdictReason> Reasons)
{
    /// <summary>The verdict of a run without reasons against it: VALID.</summary>
    public static RunVerdict Valid { get; } = new([]);

    /// <summary>The verdict in <c>run.json</c> while the run is not complete: INVALID (interrupted).</summary>
    public static RunVerdict Interrupted { get; } =
        new([new VerdictReason(VerdictCode.Interrupted, "the run was stopped before its end")]);

    /// <summary>Whether there is no reason against the run.</summary>
    public bool IsValid => Reasons.Count == 0;

    /// <summary>Whether the run was stopped before its end, so that its tables may be cut short.</summary>
    [JsonIgnore]
    public bool IsInterrupted => Reasons.Any(reason => reason.Is(VerdictCode.Interrupted));

    /// <summary>This verdict with further reasons. A reason is left out if this verdict has one of the same code.</summary>
    public RunVerdict And(IEnumerable<VerdictReason> reasons)
    {
        HashSet<string> known = [.. Reasons.Select(reason => reason.Code)];
        VerdictReason[] added = [.. reasons.Where(reason => !known.Contains(reason.Code))];
        return added.Length == 0 ? this : new RunVerdict([.. Reasons, .. added]);
    }

    /// <summary><c>VALID</c> or <c>INVALID</c> with the reasons.</summary>
    public override string ToString() => IsValid ? "VALID" : $"INVALID ({string.Join("; ", Reasons.Select(reason => reason.Message))})";
}

/// <summary>One reason why a run is INVALID.</summary>
public sealed record VerdictReason
{
    /// <summary>Creates a reason with one of the listed codes.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="message">What was found and what the limit is, with numbers, for users.</param>
    public VerdictReason(VerdictCode code, string message)
        : this(code.Text, message)
    {
    }

    [JsonConstructor]
    private VerdictReason(string code, string message) => (Code, Message) = (code, message);

    /// <summary>
    /// Text of the code in kebab-case, for example <c>client-lag</c>. A record of another version may hold a text that
    /// <see cref="VerdictCode"/> does not list.
    /// </summary>
    public string Code { get; }

    /// <summary>What was found and what the limit is, with numbers, for users.</summary>
    public string Message { get; }

    /// <summary>What the reason is about; <c>null</c> where this build does not know the code.</summary>
    [JsonIgnore]
    public VerdictSubject? Subject => VerdictCode.Find(Code)?.Subject;

    /// <summary>Whether the reason has the given code.</summary>
    public bool Is(VerdictCode code) => Code == code.Text;
}
