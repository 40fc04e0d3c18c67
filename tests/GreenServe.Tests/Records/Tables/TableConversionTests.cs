using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

public sealed class TableConversionTests
{
    [Fact]
    public void Read_GivesTheSameRows_WhenTheTablesAreParquet()
    {
        using TemporaryFolder folder = new();
        RunRecord csv = GreenServe.Records.Runs.RunRecord.Read(Write(folder.PathOf("run")));
        (RequestRecord[] requests, EngineStep[] steps, PowerSample[] power) = ([.. csv.Requests], [.. csv.Steps], [.. csv.Power]);

        foreach (RecordTable table in RecordTable.All)
        {
            foreach (string file in TableConversion.FilesOf(table, folder.PathOf("run"), isParquet: false))
            {
                TableConversion.Write(table, file, isInterrupted: false);
                File.Delete(file);
            }
        }

        RunRecord parquet = GreenServe.Records.Runs.RunRecord.Read(folder.PathOf("run"));
        Assert.Equal(requests, parquet.Requests);
        Assert.Equal(steps, parquet.Steps);
        Assert.Equal(power, parquet.Power);
        Assert.Equal(csv.TokenGaps["SS"].Count, parquet.TokenGaps["SS"].Count);
    }

    [Fact]
    public void Read_RefusesTheRecord_WhenTheParquetFileIsDamaged()
    {
        using TemporaryFolder folder = new();
        string run = Write(folder.PathOf("run"));
        File.Delete(Path.Combine(run, RunFiles.Requests));
        File.WriteAllText(Path.Combine(run, "requests.parquet"), "PAR1 this is no table PAR1");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => GreenServe.Records.Runs.RunRecord.Read(run).Requests);

        Assert.EndsWith("requests.parquet", exception.Problems[0].File, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LeavesTheOldFile_WhenTheTableIsDamaged()
    {
        using TemporaryFolder folder = new();
        string csv = folder.Write("steps.csv", "start_seconds,duration_seconds\n1,2\n3,not a number\n4,5\n");
        string parquet = folder.Write("steps.parquet", "old");

        Assert.Throws<InvalidInputException>(() => TableConversion.Write(RecordTable.Steps, csv, isInterrupted: false));

        Assert.Equal("old", File.ReadAllText(parquet));
    }

    private static string Write(string folder)
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder, new Analysis.SyntheticRun().Manifest);
        writer.Add(new RequestRecord(1, "SS", 0.5, 0.6, 0.7, 0.9, 10, 10, 3, 3, RequestStatus.Completed, null, "server, \"one\"")
        {
            EnergyJoules = 0.1 + 0.2,
        });
        writer.Add(new RequestRecord(2, "LL", 0.5, null, null, null, 10, null, 3, null, RequestStatus.TimedOut, "line\nbreak"));
        writer.Add(new EngineStep(0, 0.25, 512, 0, 0) { EnergyJoules = 10, ClockMegahertz = 1980 });
        writer.Add(new EngineStep(0.25, 0.25, 0, 4, 2048));
        writer.Add(new PowerSample("gpu0", 0.1, 200.5, null));
        writer.Add(new PowerSample("gpu0.energy", 0.1, null, 1e6));
        writer.AddTokenGap("SS", 0.1, 2);
        writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        return folder;
    }
}
