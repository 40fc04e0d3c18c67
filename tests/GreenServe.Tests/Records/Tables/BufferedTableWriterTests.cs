using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

public sealed class BufferedTableWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string TablePath => folder.PathOf(RunFiles.Power);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(3, false, "power.csv")]
    [InlineData(3, true, "power.parquet")]
    [InlineData(RunFiles.LargeTableRows + 3, false, "power.parquet")]
    public void Complete_LeavesOneFile_OfTheFormThatTheSizeCallsFor(int rows, bool isAlwaysParquet, string file)
    {
        using BufferedTableWriter table = new(TablePath, RecordTable.Power.Columns, CsvTableWriter.Open, isAlwaysParquet);
        Write(table, rows);

        TableSize size = table.Complete();

        Assert.Equal([file], Directory.GetFiles(folder.PathOf()).Select(path => Path.GetFileName(path)));
        int files = file == RunFiles.Power ? 0 : 1;
        Assert.Equal(new TableSize(rows, new FileInfo(folder.PathOf(file)).Length, files), size);
        using TableReader reader = TableReader.Open(TablePath, RunFiles.PowerColumns, toleratesBrokenLastRow: false)!;
        Assert.Equal(Samples(rows), reader.Rows(RunRows.Power));
    }

    [Fact]
    public void Dispose_LeavesNothing_WhenTheTableIsNotComplete()
    {
        BufferedTableWriter table = new(TablePath, RecordTable.Power.Columns, CsvTableWriter.Open, isAlwaysParquet: false);
        Write(table, RunFiles.LargeTableRows + 1);

        table.Dispose();

        Assert.Empty(Directory.GetFiles(folder.PathOf()));
    }

    [Fact]
    public void Complete_SaysThatTheDiskIsFull_WhereverThatHappens()
    {
        for (int room = 0; room < 600; room += 150)
        {
            FullDisk disk = new(room);
            using BufferedTableWriter table = new(TablePath, RecordTable.Power.Columns, disk.Open, isAlwaysParquet: true);
            Write(table, 1000);

            table.Complete();

            Assert.Contains("the disk is full", table.Failure!.Message, StringComparison.Ordinal);
        }
    }

    private static void Write(TableWriter table, int rows)
    {
        foreach (PowerSample sample in Samples(rows))
        {
            RunRows.Write(table, sample);
        }
    }

    // Counters and powers take turns, so that each column has absent cells.
    private static IEnumerable<PowerSample> Samples(int rows) => Enumerable.Range(0, rows).Select(index => index % 2 == 0
        ? new PowerSample("gpu0.energy", index / 10.0, null, index * 30.125)
        : new PowerSample("gpu0", index / 10.0, 300 + (index / 7.0), null));
}
