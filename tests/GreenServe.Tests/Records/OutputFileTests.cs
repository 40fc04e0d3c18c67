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
    public void Replace_KeepsTheOldFile_WhenTheSystemSaysSo()
    {
        Skip.IfNot(File.Exists("/dev/full"), "this system has no /dev/full");
        string path = folder.Write("table.csv", "old");
        File.CreateSymbolicLink(path + ".draft", "/dev/full");

        Assert.Throws<UnavailableException>(() => OutputFile.Replace(path, new string('x', 100_000)));

        Assert.Equal("old", File.ReadAllText(path));
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

    public void Dispose() => folder.Dispose();
}
