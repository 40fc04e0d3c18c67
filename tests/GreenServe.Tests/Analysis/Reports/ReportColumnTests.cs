using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Reports;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Reports;

/// <summary>Every column that the report reads is declared for the table it reads it from.</summary>
public sealed class ReportColumnTests
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
}
