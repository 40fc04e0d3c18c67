using System.Text.RegularExpressions;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Reports;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Reports;

/// <summary>Every column that the report reads is declared for the table it reads it from.</summary>
public sealed partial class ReportColumnTests
{
    public static TheoryData<string> Artifacts => [.. ArtifactCatalog.All.Select(artifact => artifact.Name)];

    [Theory]
    [MemberData(nameof(Artifacts))]
    public void Of_ShowsEveryMainColumn_OfEachArtifact(string name)
    {
        ResultTable table = SyntheticTable.FullGrid(ArtifactCatalog.Find(name)!);

        IEnumerable<Column> shown = ReportColumns.Of(table).Select(column => column.Source);

        Assert.Subset(shown.ToHashSet(), ReportColumns.Main.Concat(ReportColumns.OfAnSlo).ToHashSet());
    }

    [Fact]
    public void Columns_HoldEveryMainColumn_InTheTableOfRuns() =>
        Assert.Subset(RunsTable.Columns.ToHashSet(), ReportColumns.Main.Concat(ReportColumns.OfAnSlo).ToHashSet());

    [Theory]
    [MemberData(nameof(Artifacts))]
    public void AllOf_FindsEveryColumn_OfEachArtifact(string name) =>
        Assert.Null(Record.Exception(() => AnswerTable.Of(Answer.AllOf([SyntheticTable.FullGrid(ArtifactCatalog.Find(name)!)]))));

    [Fact]
    public void Columns_HoldEveryColumn_ThatTheScriptOfThePageReads()
    {
        HashSet<string> read = [.. Reading().Matches(ChartScript.Asset("report.js")).Select(match => match.Groups["column"].Value)];

        // At least the setting, what it saves and how sure that is.
        Assert.Superset(new HashSet<string> { "best_setting", "saving", "probability_least" }, read);
        Assert.Subset(AnswerTable.Columns.Select(column => column.Name).ToHashSet(), read);
    }

    [GeneratedRegex("""(?:text|cell|bounds)\(row, "(?<column>[a-z_]+)""")]
    private static partial Regex Reading();
}
