using Xunit.Sdk;

namespace GreenServe.Tests.Fixtures;

public sealed class SnapshotTests
{
    [Fact]
    public void Verify_Fails_WhenNothingWasAgreed()
    {
        using TemporaryFolder folder = new();
        string testFile = folder.PathOf("SomeTests.cs");

        Assert.Throws<FailException>(() => Snapshot.Verify("text", testFile: testFile, method: "Some"));

        Assert.Equal("text", File.ReadAllText(folder.PathOf("SomeTests.Some.received.txt")));
    }

    [Fact]
    public void Verify_NamesTheFirstDifference_WhenTheTextChanged()
    {
        using TemporaryFolder folder = new();
        string testFile = folder.PathOf("SomeTests.cs");
        folder.Write("SomeTests.Some.verified.txt", "one\ntwo\n");

        FailException failure = Assert.Throws<FailException>(() => Snapshot.Verify("one\nthree\n", testFile: testFile, method: "Some"));

        Assert.Contains("line 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_RemovesTheReceivedText_WhenItMatches()
    {
        using TemporaryFolder folder = new();
        string testFile = folder.PathOf("SomeTests.cs");
        folder.Write("SomeTests.Some.verified.txt", "same\r\n");
        string received = folder.Write("SomeTests.Some.received.txt", "old");

        Snapshot.Verify("same\n", testFile: testFile, method: "Some");

        Assert.False(File.Exists(received));
    }
}
