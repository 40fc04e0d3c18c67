using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

public sealed class JournaledTableWriterTests : IDisposable
{
    private const int GroupRows = RunFiles.LargeTableRows;
    private readonly TemporaryFolder folder = new();

    private string TablePath => folder.PathOf(RunFiles.Tokens);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Complete_LeavesACsvFile_WhenTheTableIsSmall()
    {
        using JournaledTableWriter table = Open();
        Write(table, 0, 100);

        TableSize size = table.Complete();

        Assert.Equal(new TableSize(100, new FileInfo(TablePath).Length), size);
        Assert.Equal(["tokens.csv"], Files());
        Assert.Equal(Tokens(100), Read());
    }

    [Fact]
    public void Complete_LeavesOneParquetFile_WhenTheTableIsLarge()
    {
        using JournaledTableWriter table = Open();
        Write(table, 0, GroupRows + 100);

        TableSize size = table.Complete();

        Assert.Equal(new TableSize(GroupRows + 100, new FileInfo(folder.PathOf("tokens.parquet")).Length, Files: 1), size);
        Assert.Equal(["tokens.parquet"], Files());
        Assert.Equal(Tokens(GroupRows + 100), Read());
    }

    [Fact]
    public void Complete_LeavesAParquetFile_WhenParquetIsAskedForASmallTable()
    {
        using JournaledTableWriter table = Open(isAlwaysParquet: true);
        Write(table, 0, 3);

        Assert.Equal(1, table.Complete().Files);

        Assert.Equal(["tokens.parquet"], Files());
        Assert.Equal(Tokens(3), Read());
    }

    [Theory]
    [InlineData(GroupRows)]
    [InlineData(GroupRows + 5)]
    [InlineData((2 * GroupRows) + 5)]
    public void Flush_KeepsEveryRow_WhenTheProcessIsKilled(int rows)
    {
        // Each row group ends a part, because the CSV file is longer than a byte.
        JournaledTableWriter table = Open(maxJournalBytes: 1);
        Write(table, 0, rows);
        table.Flush();

        // Nothing else is called: this is what a killed process leaves.
        Assert.Equal(Tokens(rows), Read());
    }

    [Fact]
    public void Complete_LeavesOneParquetFileForEachPart()
    {
        using JournaledTableWriter table = Open(maxJournalBytes: 1);
        Write(table, 0, (2 * GroupRows) + 5);

        TableSize size = table.Complete();

        Assert.Equal(((2 * GroupRows) + 5, 3), (size.Rows, size.Files));
        Assert.Equal(["tokens.2.parquet", "tokens.3.parquet", "tokens.parquet"], Files());
        Assert.Equal(size.Bytes, Files().Sum(file => new FileInfo(folder.PathOf(file)).Length));
        Assert.Equal(Tokens((2 * GroupRows) + 5), Read());
    }

    [Fact]
    public void Complete_NamesNoEmptyPart_WhenTheLastRowEndedOne()
    {
        using JournaledTableWriter table = Open(maxJournalBytes: 1);
        Write(table, 0, 2 * GroupRows);

        Assert.Equal(2, table.Complete().Files);

        Assert.Equal(["tokens.2.parquet", "tokens.parquet"], Files());
    }

    [Fact]
    public void Complete_KeepsTheCsvFile_WhenNoParquetFileCanBeWritten()
    {
        using JournaledTableWriter table = new(
            TablePath,
            RecordTable.Tokens.Columns,
            (path, mode) => path.EndsWith(".draft", StringComparison.Ordinal)
                ? throw new IOException("No space left on device")
                : CsvTableWriter.Open(path, mode),
            isAlwaysParquet: false);
        Write(table, 0, GroupRows + 1);

        TableSize size = table.Complete();

        Assert.Null(table.Failure);
        Assert.Equal((GroupRows + 1, 0), (size.Rows, size.Files));
        Assert.Equal(["tokens.csv"], Files());
        Assert.Equal(Tokens(GroupRows + 1), Read());
    }

    private JournaledTableWriter Open(bool isAlwaysParquet = false, long maxJournalBytes = JournaledTableWriter.MaxJournalBytes) =>
        new(TablePath, RecordTable.Tokens.Columns, CsvTableWriter.Open, isAlwaysParquet, maxJournalBytes);

    private static void Write(TableWriter table, int from, int to)
    {
        foreach (TokenTime token in Tokens(to).Skip(from))
        {
            RunRows.Write(table, token);
        }
    }

    private static IEnumerable<TokenTime> Tokens(int count) =>
        Enumerable.Range(0, count).Select(index => new TokenTime(index / 100, index % 100, index / 1000.0));

    private TokenTime[] Read()
    {
        using TableReader table = TableReader.Open(TablePath, RunFiles.TokenColumns, toleratesBrokenLastRow: true)!;
        return [.. table.Rows(RunRows.Token)];
    }

    private string[] Files() =>
        [.. Directory.GetFiles(folder.PathOf()).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
