using System.Diagnostics;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Replace_KeepsTheOldFile_WhenTheDiskIsFull()
    {
        string path = folder.Write("table.csv", "old");

        UnavailableException exception = Assert.Throws<UnavailableException>(() => OutputFile.Replace(path, stream =>
        {
            stream.Write(new byte[1000]);
            throw new IOException("No space left on device");
        }));

        Assert.Equal($"{path}: cannot be written (No space left on device); what was there before is unchanged", exception.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    /// <summary>The operating system's own error: every write to this device says that it is full.</summary>
    [SkippableFact]
    public void Replace_SaysThatTheDiskIsFull_WhenTheSystemSaysSo()
    {
        Skip.IfNot(File.Exists("/dev/full"), "this system has no /dev/full");

        UnavailableException exception =
            Assert.Throws<UnavailableException>(() => OutputFile.Replace("/dev/full", new string('x', 100_000)));

        Assert.Equal("/dev/full: cannot be written (the disk is full)", exception.Message);
    }

    [Fact]
    public void Replace_NamesTheFile_WhenItsFolderIsMissing() =>
        Assert.EndsWith(
            "x.csv",
            Assert.Throws<InvalidInputException>(() => OutputFile.Replace(folder.PathOf("no/x.csv"), "text")).Problems[0].File,
            StringComparison.Ordinal);

    [Fact]
    public void Replace_LeavesNoDraft_WhenTheWriterFails()
    {
        Assert.Throws<InvalidOperationException>(
            () => OutputFile.Replace(folder.PathOf("x.csv"), _ => throw new InvalidOperationException()));

        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Theory]
    [InlineData("")]
    [InlineData("folder")]
    [InlineData("link")]
    public void Replace_Refuses_WhatIsNoFile(string name)
    {
        Directory.CreateDirectory(folder.PathOf("folder"));
        Directory.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("folder"));
        string path = name.Length == 0 ? "" : folder.PathOf(name);

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => OutputFile.Replace(path, "text")).Problems);

        Assert.Equal("output file", problem.Place);
        Assert.Equal(["folder", "link"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Replace_WritesTheFileBehindALink_AndTheLinkStays()
    {
        string real = folder.Write("real/a.csv", "old");
        string link = folder.PathOf("a.csv");
        string chain = folder.PathOf("b.csv");
        File.CreateSymbolicLink(link, real);
        File.CreateSymbolicLink(chain, link);

        OutputFile.Replace(chain, "new");

        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal((real, link), (File.ResolveLinkTarget(link, false)!.FullName, File.ResolveLinkTarget(chain, false)!.FullName));
    }

    [Fact]
    public void Replace_CreatesTheFile_WhereALinkLeadsToNone()
    {
        string link = folder.PathOf("a.csv");
        File.CreateSymbolicLink(link, folder.PathOf("later.csv"));

        OutputFile.Replace(link, "new");

        Assert.Equal("new", File.ReadAllText(folder.PathOf("later.csv")));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Replace_Refuses_LinksThatLeadToEachOther()
    {
        string link = folder.PathOf("a.csv");
        File.CreateSymbolicLink(link, folder.PathOf("b.csv"));
        File.CreateSymbolicLink(folder.PathOf("b.csv"), link);

        Assert.Throws<InvalidInputException>(() => OutputFile.Replace(link, "text"));

        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Root).Length);
    }

    [SkippableFact]
    public async Task Replace_WritesIntoAPipe_WhoseReaderGetsTheText()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs mkfifo");
        string pipe = folder.PathOf("pipe");
        using Process make = Process.Start("mkfifo", [pipe]);
        await make.WaitForExitAsync();
        Task<string> reading = Task.Run(() => File.ReadAllText(pipe));

        OutputFile.Replace(pipe, "through the pipe");

        Assert.Equal("through the pipe", await reading);
        Assert.Equal([pipe], Directory.GetFileSystemEntries(folder.Root));
    }

    [SkippableFact]
    public void Replace_WritesIntoADevice_AndTheDeviceStays()
    {
        Skip.IfNot(File.Exists("/dev/null"), "this system has no /dev/null");
        string link = folder.PathOf("nothing");
        File.CreateSymbolicLink(link, "/dev/null");

        OutputFile.Replace(link, "gone");

        Assert.Equal("/dev/null", new FileInfo(link).LinkTarget);
        Assert.Equal("", File.ReadAllText("/dev/null"));
    }

    [Fact]
    public async Task Replace_LeavesTheWholeTextOfOne_WhenSeveralWriteAtOnce()
    {
        const int Writers = 4;
        string path = folder.PathOf("index.html");
        string[] texts = [.. Enumerable.Range(0, Writers).Select(writer => new string((char)('a' + writer), 100_000))];
        for (int round = 0; round < 10; round++)
        {
            await Task.WhenAll(texts.Select(text => Task.Run(() => OutputFile.Replace(path, text))));

            Assert.Contains(File.ReadAllText(path), texts);
            Assert.Equal([path], Directory.GetFiles(folder.Root));
        }
    }

    [Fact]
    public void Replace_RemovesTheDraftOfAKilledProgram_AndNoneThatIsBeingWritten()
    {
        string path = folder.PathOf("index.html");
        string stale = folder.Write("index.html.aaaaaaaa.draft", "half");
        string written = folder.Write("index.html.bbbbbbbb.draft", "half");
        string other = folder.Write("other.html.cccccccc.draft", "half");
        foreach (string draft in (string[])[stale, written, other])
        {
            File.SetLastWriteTimeUtc(draft, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        using (new FileStream(written, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            OutputFile.Replace(path, "text");
        }

        Assert.Equal([path, written, other], Directory.GetFiles(folder.Root).Order());
    }

    [Fact]
    public void TryCreate_KeepsTheFirst()
    {
        string path = folder.PathOf("first.json");

        Assert.True(OutputFile.TryCreate(path, "first"));
        Assert.False(OutputFile.TryCreate(path, "second"));

        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    public void Dispose() => folder.Dispose();
}
