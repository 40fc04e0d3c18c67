using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Records.Runs;

namespace GreenServe.Tests.Records.Tables;

public sealed class ClusterRowsTests : IDisposable
{
    private static readonly ClusterAction[] Actions =
    [
        new(0, "partition", 3, null, "TP 4 + 4", "more small instances, \"cheaper\"", 60.5, null),
        new(5, "set_clock", 3, 7, "1200 MHz", "slack", 5.065, null),
        new(5, "set_clock", 3, 8, "9000 MHz", "slack", null, "the highest clock is 1980 MHz"),
        new(9.5, "power_off", 2, null, null, "not needed", null, null),
    ];

    private static readonly ClusterSample[] Samples =
    [
        new(ClusterSample.Cluster, 1)
        {
            GpuWatts = 1234.5, HostWatts = 4000, MaxWatts = 5300.25, MeanClockMegahertz = 1590, GpusOn = 16, Instances = 3,
            MeanTensorParallelismGpus = 16.0 / 3, Requests = 40, HeldRequests = 2,
        },
        new(ClusterSample.Row("A, left"), 1) { MaxWatts = 5300.25, BudgetWatts = 6500, GpuCelsius = 71.5, InletCelsius = 24 },
        new(ClusterSample.Site("Texas"), 1) { GramsPerKilowattHour = 412 },
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TableFormat.Csv)]
    [InlineData(TableFormat.Parquet)]
    public void Read_GivesBackTheDecisionsAndTheState_InEveryForm(TableFormat format)
    {
        string path = folder.PathOf("run");
        using (RunRecordWriter writer = RunRecordWriter.Create(
            path, SmallRun.Manifest(), new RecordOptions { Tables = format, IsReproducible = true }))
        {
            Array.ForEach(Actions, writer.Add);
            Array.ForEach(Samples, writer.Add);
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        RunRecord record = RunRecord.Read(path);

        Assert.Equal(Actions, record.Actions);
        Assert.Equal(Samples, record.ClusterSamples);
        Assert.Empty(record.CheckTables());
    }

    [Fact]
    public void Tables_HaveNoFile_WithoutRows()
    {
        string path = folder.PathOf("run");
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest()))
        {
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        RunRecord record = RunRecord.Read(path);

        Assert.Empty(record.Actions);
        Assert.Empty(record.ClusterSamples);
        Assert.Equal([RunFiles.Requests, RunFiles.Manifest], Directory.GetFiles(path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("5,set_clock,0,1,1200 MHz,slack,4.9,", "effective_seconds")]
    [InlineData("5,set_clock,0,1,1200 MHz,slack,5.1,too high", "effective_seconds, refusal")]
    [InlineData("5,set_clock,0,1,1200 MHz,,5.1,", "reason")]
    [InlineData("5,,0,1,1200 MHz,slack,5.1,", "action")]
    [InlineData(",set_clock,0,1,1200 MHz,slack,5.1,", "at_seconds")]
    [InlineData("5,set_clock,-1,1,1200 MHz,slack,5.1,", "server")]
    public void Actions_AreRefused_WhenARowContradictsItself(string row, string place) =>
        AssertRefused(RunFiles.Actions, RunFiles.ActionColumns, row, place, record => record.Actions);

    [Theory]
    [InlineData(",1,300,,,,,,,,,,,,", "scope")]
    [InlineData("cluster,,300,,,,,,,,,,,,", "seconds")]
    [InlineData("cluster,1,-300,,,,,,,,,,,,", "gpu_watts")]
    [InlineData("cluster,1,300,,,,,,,0.5,,,,,", "mean_tensor_parallelism")]
    [InlineData("cluster,1,300,,,,,,,,-300,,,,", "gpu_celsius")]
    [InlineData("cluster,1,300,,,,,1.5,,,,,,,", "gpus_on")]
    public void Samples_AreRefused_WhenACellIsNotAllowed(string row, string place) =>
        AssertRefused(RunFiles.Cluster, RunFiles.ClusterColumns, row, place, record => record.ClusterSamples);

    private void AssertRefused(string file, string[] columns, string row, string place, Func<RunRecord, object> read)
    {
        string path = folder.PathOf("run");
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest()))
        {
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        File.WriteAllText(Path.Combine(path, file), $"{string.Join(',', columns)}\n{row}\n");

        InvalidInputException refusal = Assert.Throws<InvalidInputException>(() => read(RunRecord.Read(path)));

        Assert.Equal(place, Assert.Single(refusal.Problems).Place);
        Assert.Equal(2, refusal.Problems[0].Line);
    }
}
