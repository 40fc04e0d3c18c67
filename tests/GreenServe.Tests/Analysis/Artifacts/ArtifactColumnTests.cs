using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Artifacts;

/// <summary>Every column that a figure or a derived table reads is declared for the table of its artifact.</summary>
public sealed class ArtifactColumnTests
{
    public static TheoryData<string, string> Figures
    {
        get
        {
            TheoryData<string, string> figures = [];
            foreach (Artifact artifact in ArtifactCatalog.All)
            {
                foreach (Artifact figure in artifact.Companions.Prepend(artifact))
                {
                    figures.Add(artifact.Name, figure.Name);
                }
            }

            return figures;
        }
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void Draw_FindsEveryColumn_WhenTheTableIsFullOrEmpty(string artifact, string figure)
    {
        (Artifact main, Artifact drawn) = Find(artifact, figure);

        Assert.NotEmpty(drawn.Draw(SyntheticTable.FullGrid(main)).Panels);
        Assert.Null(Record.Exception(() => drawn.Draw(GridTable.Empty(artifact, main.Axes))));
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void Derive_FindsEveryColumn_WhenTheTableIsFullOrEmpty(string artifact, string figure)
    {
        (Artifact main, Artifact drawn) = Find(artifact, figure);

        IReadOnlyList<ResultTable> full = drawn.Derive(SyntheticTable.FullGrid(main));
        IReadOnlyList<ResultTable> empty = drawn.Derive(GridTable.Empty(artifact, main.Axes));

        Assert.Equal(full.SelectMany(table => table.Columns), empty.SelectMany(table => table.Columns));
        Assert.All(full, table => Assert.NotEmpty(table.Rows));
    }

    [Fact]
    public void Draw_Throws_WhenTheTableLacksAColumnOfTheFigure()
    {
        Artifact artifact = ArtifactCatalog.Find("gpu-clock")!;
        ResultTable table = SyntheticTable.Of("gpu-clock", new { evidence = "simulated", gpu_clock_megahertz = 1980.0 });

        Assert.Throws<ColumnException>(() => artifact.Draw(table));
    }

    private static (Artifact Main, Artifact Figure) Find(string artifact, string figure)
    {
        Artifact main = ArtifactCatalog.Find(artifact)!;
        return (main, main.Companions.Prepend(main).Single(one => one.Name == figure));
    }
}
