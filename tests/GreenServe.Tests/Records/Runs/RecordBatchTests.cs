using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Runs;

public sealed class RecordBatchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Of_ReadsLargeRecordsOnTheCallersThread_OneAfterTheOther()
    {
        // Files without content that are longer than what a record may have that shares the memory with others.
        string[] folders = [.. Enumerable.Range(0, 4).Select(index => FolderOf($"{index}", bytes: 65_000_000))];
        int caller = Environment.CurrentManagedThreadId;

        RecordBatch<int> batch =
            RecordBatch.Of(new RecordSearch(folders, []), _ => Environment.CurrentManagedThreadId, isParallel: true);

        Assert.All(batch.Items, thread => Assert.Equal(caller, thread));
    }

    [Fact]
    public void Of_KeepsTheOrder_WhateverTheSizes()
    {
        string[] folders = [FolderOf("a", 65_000_000), FolderOf("b", 10), FolderOf("c", 65_000_000), FolderOf("d", 10)];

        RecordBatch<string> batch = RecordBatch.Of(new RecordSearch(folders, []), one => one, isParallel: true);

        Assert.Equal(folders, batch.Items);
    }

    [Fact]
    public void Of_NamesARecordThatCannotBeRead_AndGoesOn()
    {
        string[] folders = [FolderOf("a", 10), FolderOf("b", 10)];
        Problem problem = new("id", 1, "an id that no row above has");

        RecordBatch<string> batch = RecordBatch.Of(
            new RecordSearch(folders, []), one => one == folders[0] ? throw new InvalidInputException(problem) : one, isParallel: true);

        Assert.Equal([folders[1]], batch.Items);
        Assert.Equal([folders[0]], batch.Unreadable);
        Assert.Equal([problem], batch.Problems);
    }

    public void Dispose() => folder.Dispose();

    private string FolderOf(string name, long bytes)
    {
        string path = folder.PathOf(name);
        Directory.CreateDirectory(path);
        using FileStream file = File.Create(Path.Combine(path, "steps.csv"));
        file.SetLength(bytes);
        return path;
    }
}
