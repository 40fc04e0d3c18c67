using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>Claim results as a table: <c>claims.csv</c>.</summary>
internal static class ClaimTable
{
    /// <summary>Name of the table.</summary>
    public const string Name = "claims";

    private static readonly Table<ClaimResult> Definition = new(Name,
    [
        new TextColumn("claim").From<ClaimResult>(row => row.Claim.Id),
        StandardColumns.Evidence.From<ClaimResult>(row => EnumText.Of(row.Evidence)),
        StandardColumns.Verdict.From<ClaimResult>(row => ClaimResult.TextOf(row.Verdict)),
        new TextColumn("counted").From<ClaimResult>(row => YesOrNo(row.IsCounted)),
        new TextColumn("subject").From<ClaimResult>(row => row.Subject),
        new NumberColumn("value").From<ClaimResult>(row => row.Value),
        new TextColumn("bound").From<ClaimResult>(row => row.Claim.Bound?.ToString()),
        new TextColumn("unit").From<ClaimResult>(row => row.Claim.Bound?.Unit),
        new TextColumn("details").From<ClaimResult>(row => string.Join("; ", row.Details)),
        new TextColumn("not_tested").From<ClaimResult>(row => row.NotTestedReason),
        StandardColumns.Statement.From<ClaimResult>(row => row.Claim.Statement),
        StandardColumns.Source.From<ClaimResult>(row => row.Claim.Source),
        new TextColumn("source_read").From<ClaimResult>(row => EnumText.Of(row.Claim.SourceRead)),
        new TextColumn("used_in_calibration").From<ClaimResult>(row => YesOrNo(row.Claim.UsedInCalibration.Used)),
        new TextColumn("calibration_note").From<ClaimResult>(row => row.Claim.UsedInCalibration.Why),
        new TextColumn("artifacts").From<ClaimResult>(row => string.Join(' ', row.Claim.Artifacts)),
        new TextColumn("rationale").From<ClaimResult>(row => row.Claim.Rationale),
    ]);

    /// <summary>Makes a table of results: one row for each claim, evidence kind and subject.</summary>
    public static ResultTable Of(IReadOnlyList<ClaimResult> results) => Definition.Of(results);

    private static string YesOrNo(bool value) => value ? "yes" : "no";
}
