using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>Claim results as a table: <c>claims.csv</c>.</summary>
public static class ClaimTable
{
    /// <summary>One row a claim, evidence kind and subject.</summary>
    public static ResultTable Of(IReadOnlyList<ClaimResult> results)
    {
        string[] text =
        [
            "claim", "evidence", "verdict", "counted", "subject", "bound", "unit", "details", "not_tested", "statement", "source", "source_read",
            "used_in_calibration", "calibration_note", "artifacts", "rationale",
        ];
        ResultColumn[] columns = [.. text[..5].Select(Text), new("value", false), .. text[5..].Select(Text)];
        return new ResultTable("claims", columns, [.. results.Select(Row)]);
    }

    private static ResultColumn Text(string name) => new(name, true);

    private static object?[] Row(ClaimResult result) =>
    [
        result.Claim.Id, EnumText.Of(result.Evidence),
        result.Verdict switch { ClaimVerdict.Pass => "PASS", ClaimVerdict.Fail => "FAIL", _ => "NOT TESTED" },
        result.IsCounted ? "yes" : "no", result.Subject, result.Value,
        result.Claim.Bound?.ToString(), result.Claim.Bound?.Unit, string.Join("; ", result.Details), result.NotTestedReason, result.Claim.Statement,
        result.Claim.Source, EnumText.Of(result.Claim.SourceRead), result.Claim.UsedInCalibration.Used ? "yes" : "no",
        result.Claim.UsedInCalibration.Why, string.Join(' ', result.Claim.Artifacts), result.Claim.Rationale,
    ];
}
