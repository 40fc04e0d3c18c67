using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

/// <summary>Writing a row takes no memory of its own, and reading it none but for what is made of it.</summary>
public sealed class TableAllocationTests : IDisposable
{
    private const int Rows = 50_000;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Csv_AllocatesNothingARow()
    {
        using CsvTableWriter requests = new(folder.PathOf(RunFiles.Requests), RecordTable.Requests.Columns);
        using CsvTableWriter tokens = new(folder.PathOf(RunFiles.Tokens), RecordTable.Tokens.Columns);
        using CsvTableWriter steps = new(folder.PathOf(RunFiles.Steps), RecordTable.Steps.Columns);

        Assert.Equal(0, BytesOfARow(index => RunRows.Write(requests, Request)));
        Assert.Equal(0, BytesOfARow(index => RunRows.Write(tokens, new TokenTime(index / 100, index % 100, index / 1000.0))));
        Assert.Equal(0, BytesOfARow(index => RunRows.Write(steps, Stretch(index))));
    }

    [Fact]
    public void Parquet_AllocatesNothingARow_OnceItsRowGroupHasGrown()
    {
        using BufferedTableWriter requests = new(
            folder.PathOf(RunFiles.Requests), RecordTable.Requests.Columns, CsvTableWriter.Open, isAlwaysParquet: true);
        using BufferedTableWriter steps = new(
            folder.PathOf(RunFiles.Steps), RecordTable.Steps.Columns, CsvTableWriter.Open, isAlwaysParquet: true);
        for (int index = 0; index < RunFiles.LargeTableRows; index++)
        {
            RunRows.Write(requests, Request);
            RunRows.Write(steps, Stretch(index));
        }

        Assert.Equal(0, BytesOfARow(index => RunRows.Write(requests, Request)));
        Assert.Equal(0, BytesOfARow(index => RunRows.Write(steps, Stretch(index))));
    }

    private static RequestRecord Request { get; } =
        new(7, "SM", 0.5, 0.500001, 0.7, 1.234567891, 100, 100, 12, 12, RequestStatus.Completed) { EnergyJoules = 123.456789012345 };

    private static EngineStretch Stretch(int index) => new(index, 3, 0.011, 0, 4, 4000L + index)
    {
        FirstJoules = 33.123456789,
        ContextTokenSeconds = 1e-9,
        ContextTokenJoules = 1e-6,
        PrefillEnergyJoules = 0,
        ClockMegahertz = 1980,
    };

    /// <summary>Whole bytes that a row allocates on this thread, after the first rows.</summary>
    private static long BytesOfARow(Action<int> write)
    {
        for (int index = 0; index < 1000; index++)
        {
            write(index);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < Rows; index++)
        {
            write(index);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rows;
    }
}
