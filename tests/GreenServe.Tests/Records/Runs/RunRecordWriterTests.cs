using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Records.Runs;

public sealed class RunRecordWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new();

    private string Path => folder.PathOf("run");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Add_ReachesTheDisk_WithinASecond_ThoughNothingFollows()
    {
        using RunRecordWriter writer = RunRecordWriter.Create(Path, SmallRun.Manifest(), clock: clock);

        writer.Add(Request(0));
        int before = RunRecord.Read(Path).Requests.Count;
        clock.Advance(TimeSpan.FromSeconds(1));
        RunRecord killed = RunRecord.Read(Path);

        Assert.Equal(0, before);
        Assert.Equal([Request(0)], killed.Requests);
        Assert.True(killed.Manifest.Verdict.IsInterrupted);
    }

    [Fact]
    public void Add_ReachesTheDisk_WithoutTheClock_WhenThereAreManyRows()
    {
        using RunRecordWriter writer = RunRecordWriter.Create(Path, SmallRun.Manifest(), clock: clock);

        // At most 65,536 rows wait, and as many are being formatted. A row has at least 30 characters, and 64 KiB are written at once.
        const int Rows = 200_000;
        for (int id = 0; id < Rows; id++)
        {
            writer.Add(Request(id));
        }

        // One reading: another thread still writes, so that a second one may find more.
        RequestRecord[] written = [.. RunRecord.Read(Path).Requests];
        Assert.InRange(written.Length, Rows - (2 * 65_536) - (65_536 / 30) - 1, Rows);
        Assert.Equal(Enumerable.Range(0, written.Length).Select(Request), written);
    }

    [Fact]
    public void Create_LeavesARecordThatCanBeRead_BeforeAnyRequestHasEnded()
    {
        using RunRecordWriter writer = RunRecordWriter.Create(Path, SmallRun.Manifest(), clock: clock);
        writer.Add(new PowerSample("gpu0", 0.1, 300, null));

        // No time has passed: this is all that a killed run leaves.
        RunRecord killed = RunRecord.Read(Path);

        Assert.Empty(killed.Requests);
        Assert.Empty(killed.Power);
        Assert.Equal("interrupted", Assert.Single(killed.Manifest.Verdict.Reasons).Code);
    }

    [Fact]
    public void Create_Refuses_WhenTheFolderHoldsSomething()
    {
        folder.Write("run/keep.txt", "mine");

        InvalidInputException refusal = Assert.Throws<InvalidInputException>(() => RunRecordWriter.Create(Path, SmallRun.Manifest()));

        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["keep.txt"], Directory.GetFiles(Path).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task Create_LetsExactlyOneRunHaveAFolder_WhenSeveralStartAtOnce()
    {
        const int Runs = 4;
        for (int round = 0; round < 20; round++)
        {
            string path = folder.PathOf($"run{round}");
            using Barrier start = new(Runs);
            RunRecordWriter?[] writers = await Task.WhenAll(Enumerable.Range(0, Runs).Select(run => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return TryCreate(path, seed: (ulong)run);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            int winner = Assert.Single(Enumerable.Range(0, Runs), run => writers[run] is not null);
            writers[winner]!.Add(Request(winner));
            writers[winner]!.Complete(started => started with { Verdict = RunVerdict.Valid });
            writers[winner]!.Dispose();
            RunRecord record = RunRecord.Read(path);
            Assert.Equal((ulong)winner, record.Manifest.Seed);
            Assert.Equal([Request(winner)], record.Requests);
            Assert.Equal([RunFiles.Requests, RunFiles.Manifest], Directory.GetFiles(path).Select(System.IO.Path.GetFileName).Order());
        }
    }

    /// <summary>
    /// The disk becomes full after any number of bytes: in the header, in a row, between two rows. What is left can be read, is INVALID,
    /// and holds the first requests, each of them whole.
    /// </summary>
    [Fact]
    public void Complete_SaysThatTheDiskIsFull_AndTheRecordStaysReadable_WhereverThatHappens()
    {
        const int Requests = 5;
        for (int room = 0; room < 1000; room += 7)
        {
            string path = folder.PathOf($"full{room}");
            FullDisk disk = new(room);
            RunRecordWriter? writer = null;
            try
            {
                writer = RunRecordWriter.Create(path, SmallRun.Manifest(), new RecordOptions(), clock, disk.Open);
                for (int id = 0; id < Requests; id++)
                {
                    writer.Add(Request(id));
                    writer.Add(new PowerSample("gpu0", id, 300, null));
                    clock.Advance(TimeSpan.FromSeconds(1));
                }

                writer.Complete(started => started with { Verdict = RunVerdict.Valid });
                Assert.False(disk.IsFull);
            }
            catch (UnavailableException exception)
            {
                Assert.Contains("the disk is full", exception.Message, StringComparison.Ordinal);
                Assert.Equal(writer is not null, writer?.Failed.IsCancellationRequested ?? false);
            }

            writer?.Dispose();
            if (writer is null)
            {
                Assert.Empty(Directory.GetFileSystemEntries(path));
                continue;
            }

            RunRecord record = RunRecord.Read(path);
            Assert.Equal(disk.IsFull, record.Manifest.Verdict.IsInterrupted);
            Assert.Equal(Enumerable.Range(0, record.Requests.Count).Select(Request), record.Requests);
            Assert.All(record.Power, sample => Assert.Equal(300, sample.Watts));
            Assert.True(disk.IsFull || record.Requests.Count == Requests);
        }
    }

    [Fact]
    public void ThrowIfFailed_EndsASimulation_OnceTheDiskIsFull()
    {
        // Room for the header of the requests and for no row.
        FullDisk disk = new(string.Join(',', RunFiles.RequestColumns).Length + 1);
        using RunRecordWriter writer = RunRecordWriter.Create(Path, SmallRun.Manifest(), new RecordOptions(), clock, disk.Open);
        writer.Add(Request(0));

        writer.ThrowIfFailed();
        clock.Advance(TimeSpan.FromSeconds(1));

        UnavailableException exception = Assert.Throws<UnavailableException>(writer.ThrowIfFailed);
        Assert.StartsWith(System.IO.Path.Combine(Path, RunFiles.Requests), exception.Message, StringComparison.Ordinal);
    }

    private static RunRecordWriter? TryCreate(string path, ulong seed)
    {
        try
        {
            return RunRecordWriter.Create(path, SmallRun.Manifest() with { Seed = seed });
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private static RequestRecord Request(int id) => new(id, "SM", id, id, id + 0.5, id + 1, 100, 100, 12, 12, RequestStatus.Completed);
}
