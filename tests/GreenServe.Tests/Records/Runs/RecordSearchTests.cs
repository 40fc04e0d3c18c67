using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Runs;

public sealed class RecordSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RecordSearchTests()
    {
        new SyntheticRun().Write(folder.PathOf("runs/a"));
        new SyntheticRun().Write(folder.PathOf("runs/b/c"));
    }

    [Fact]
    public void In_FindsEachRecordOnce_WhenLinksLoop()
    {
        Directory.CreateSymbolicLink(folder.PathOf("runs/a/loop"), folder.PathOf("runs"));
        Directory.CreateSymbolicLink(folder.PathOf("runs/0-link"), folder.PathOf("runs/b"));

        RecordSearch search = RecordSearch.In([folder.PathOf("runs"), folder.PathOf("runs/a")]);

        Assert.Equal([folder.PathOf("runs/a"), folder.PathOf("runs/b/c")], search.Folders);
        Assert.Empty(search.Problems);
    }

    [Fact]
    public void In_FollowsALink_ThatLeadsOutOfTheFolder()
    {
        Directory.CreateDirectory(folder.PathOf("links"));
        Directory.CreateSymbolicLink(folder.PathOf("links/one"), folder.PathOf("runs/a"));

        Assert.Equal([folder.PathOf("links/one")], RecordSearch.In([folder.PathOf("links")]).Folders);
    }

    [Fact]
    public void In_NamesEveryFolder_ThatHoldsNoRecord()
    {
        folder.Write("empty/note.txt", "");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => RecordSearch.In([folder.PathOf("runs"), folder.PathOf("empty"), folder.PathOf("none"), folder.PathOf("empty/note.txt")]));

        Assert.Equal(["no run.json", null, "a file"], exception.Problems.Select(problem => problem.Found));
    }

    public void Dispose() => folder.Dispose();
}
