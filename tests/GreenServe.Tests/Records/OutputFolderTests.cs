using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("dangling")]
    public void Create_Refuses_WhatCanBeNoFolder(string name)
    {
        folder.Write("file", "text");
        File.CreateSymbolicLink(folder.PathOf("dangling"), folder.PathOf("nowhere"));
        string path = name.Length == 0 ? "" : folder.PathOf(name);

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => OutputFolder.CreateEmpty(path)).Problems);

        Assert.Equal("output folder", problem.Place);
        Assert.Equal("text", File.ReadAllText(folder.PathOf("file")));
    }

    [Fact]
    public void Claim_IsRefused_WhileAnotherHoldsIt()
    {
        string path = folder.PathOf("sweep");
        using (OutputFolder.Claim(path, mustBeEmpty: true))
        {
            InvalidInputException refusal = Assert.Throws<InvalidInputException>(() => OutputFolder.Claim(path, mustBeEmpty: false));
            Assert.Contains("another greenserve process writes", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(path));
        OutputFolder.Claim(path, mustBeEmpty: true).Dispose();
    }

    [Fact]
    public void Claim_IsRefused_WhereTheFolderMustBeEmptyAndIsNot()
    {
        folder.Write("sweep/point/run.json", "{}");
        string path = folder.PathOf("sweep");

        Assert.Throws<InvalidInputException>(() => OutputFolder.Claim(path, mustBeEmpty: true));

        Assert.Equal(["point"], Directory.GetFileSystemEntries(path).Select(Path.GetFileName));
        OutputFolder.Claim(path, mustBeEmpty: false).Dispose();
    }

    [Fact]
    public async Task Claim_GoesToExactlyOne_WhenSeveralStartAtOnce()
    {
        const int Processes = 4;
        for (int round = 0; round < 20; round++)
        {
            string path = folder.PathOf($"sweep{round}");
            using Barrier start = new(Processes);
            IDisposable?[] claims = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return TryClaim(path);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(claims, claim => claim is not null)!.Dispose();
        }
    }

    private static IDisposable? TryClaim(string path)
    {
        try
        {
            return OutputFolder.Claim(path, mustBeEmpty: true);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
