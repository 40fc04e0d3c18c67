using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Records.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traits;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class RunRecordSinkTests : IDisposable
{
    private static readonly RequestSchedule Schedule =
        RequestSchedule.For(WorkloadCatalog.Read("fixed-512-128") with { DurationSeconds = 20, WarmUpSeconds = 2 });

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>In every form of its tables, a record gives the steps and readings that the simulation had, to the last digit.</summary>
    [Theory]
    [InlineData(TableFormat.Csv, false)]
    [InlineData(TableFormat.Csv, true)]
    [InlineData(TableFormat.Parquet, false)]
    [InlineData(TableFormat.Parquet, true)]
    public void Add_KeepsEveryStepAndReading_InEveryForm(TableFormat format, bool keepsEachStep)
    {
        Expected expected = new();
        string path = folder.PathOf("run");

        RecordOptions options = new() { Tables = format, IsReproducible = true };
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest(), options))
        {
            TeeSink both = new(new RunRecordSink(writer, keepsEachStep), expected);
            writer.Complete(SimulatedRun.Execute(Schedule, TestSystems.H100(), both).Complete);
        }

        RunRecord record = RunRecord.Read(path);
        Assert.Equal(expected.Steps, record.Steps);
        Assert.Equal(expected.Readings(), record.Power);
        Assert.Equal(expected.Readings(), ReadingsInRowsOf(record));
        Assert.Equal(keepsEachStep, record.StreamStretches().All(stretch => stretch.Count == 1));
        Assert.Empty(Directory.GetFiles(path, "power.*"));
        Assert.Empty(record.CheckTables());
    }

    [Fact]
    public void RecordOf_IsRefusedWithTheReason_WhenAPolicyRejectedTheRequest()
    {
        RequestOutcome rejected = new(Schedule.Requests[0], Replica: null, 1, null, null, 0, null, null, 0, 0) { Rejection = "no room" };

        RequestRecord row = RunRecordSink.RecordOf(rejected);

        Assert.Equal(RequestStatus.Refused, row.Status);
        Assert.Equal("rejected by the policy: no room", row.Error);
    }

    [Theory]
    [InlineData(TableFormat.Csv)]
    [InlineData(TableFormat.Parquet)]
    public void Add_WritesPrioritiesAndAdapters_OnlyWhereTheWorkloadStatesThem(TableFormat format)
    {
        Workload plain = WorkloadCatalog.Read("fixed-512-128") with { DurationSeconds = 20 };
        Workload rich = plain with
        {
            Priorities = new PriorityShares { Shares = new Dictionary<string, double> { ["high"] = 1, ["low"] = 1 } },
            Adapters = new AdapterPopulation { Count = 9, BytesPerRank = 1, Ranks = [new AdapterRank { Rank = 8 }] },
        };
        RequestSchedule schedule = RequestSchedule.For(rich);
        RecordOptions options = new() { Tables = format, IsReproducible = true };

        RunRecord record = Write(rich, schedule, options, "rich");
        RunRecord without = Write(plain, RequestSchedule.For(plain), options with { Tables = TableFormat.Csv }, "plain");

        Assert.Equal(
            schedule.Requests.Select(request => (request.Id, request.Priority, request.Adapter)),
            record.Requests.OrderBy(request => request.Id).Select(request => (request.Id, request.Priority, request.Adapter)));
        Assert.DoesNotContain(
            "priority", File.ReadLines(Path.Combine(without.Folder, RunFiles.Requests)).First(), StringComparison.Ordinal);
        Assert.Empty(record.CheckTables());
    }

    /// <summary>Without its steps such a record would seem to have used no energy.</summary>
    [Theory]
    [InlineData(RunFiles.Steps)]
    [InlineData(RunFiles.TokenGaps)]
    public void Read_RefusesTheRecord_WhenATableIsGone(string table)
    {
        RunRecord record = Write();
        File.Delete(Path.Combine(record.Folder, table));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunMetrics.Of(RunRecord.Read(record.Folder)));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal((null, $"the {record.Manifest.Tables![table].Rows} rows that the run wrote"), (problem.Found, problem.Allowed));
        Assert.EndsWith(table, problem.File, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunFiles.Steps)]
    [InlineData(RunFiles.Requests)]
    public void Read_RefusesTheRecord_WhenATableWasCutBetweenTwoRows(string table)
    {
        RunRecord record = Write();
        string path = Path.Combine(record.Folder, table);
        File.WriteAllLines(path, File.ReadAllLines(path)[..^1]);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunMetrics.Of(RunRecord.Read(record.Folder)));

        long rows = record.Manifest.Tables![table].Rows;
        Assert.Contains($"rows: got {rows - 1}, want the {rows} rows that the run wrote", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TakesTheStoredReadings_WhenThereAreSome()
    {
        string path = folder.PathOf("run");
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest()))
        {
            SimulationSummary summary = SimulatedRun.Execute(Schedule, TestSystems.H100(), new RunRecordSink(writer));
            writer.Add(new PowerSample("gpu", 1, null, 5));
            writer.Complete(summary.Complete);
        }

        Assert.Equal([new PowerSample("gpu", 1, null, 5)], RunRecord.Read(path).Power);
    }

    private RunRecord Write()
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), SmallRun.Manifest());
        return writer.Complete(SimulatedRun.Execute(Schedule, TestSystems.H100(), new RunRecordSink(writer)).Complete);
    }

    private RunRecord Write(Workload workload, RequestSchedule schedule, RecordOptions options, string name)
    {
        RunManifest manifest = SmallRun.Manifest() with { Workload = DocumentContract.ToNode(workload)! };
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf(name), manifest, options);
        writer.Complete(SimulatedRun.Execute(schedule, TestSystems.H100(), new RunRecordSink(writer)).Complete);
        return RunRecord.Read(folder.PathOf(name));
    }

    private static List<PowerSample> ReadingsInRowsOf(RunRecord record)
    {
        List<PowerSample> readings = [];
        record.ForEachRow(RecordTable.Power, row => readings.Add(
            new PowerSample(row.Text("meter")!, row.Number("seconds")!.Value, row.Number("watts"), row.Number("cumulative_joules"))));
        return readings;
    }

    /// <summary>Computes each step from its stretch, and the readings from the steps.</summary>
    private sealed class Expected : ISimulationSink
    {
        private readonly List<(double Seconds, double Joules)> exact = [];

        internal List<EngineStep> Steps { get; } = [];

        public void Add(in StepStretch stretch)
        {
            double start = stretch.StartSeconds;
            for (int index = 0; index < stretch.Count; index++)
            {
                double seconds = stretch.StepSeconds.First + (index * stretch.StepSeconds.Increment);
                double joules = stretch.StepJoules.First + (index * stretch.StepJoules.Increment);
                double from = start + stretch.StepSeconds.Sum(index);
                int sequences = stretch.Work?.DecodeSequences ?? 0;
                exact.Add((seconds, joules));
                Steps.Add(new EngineStep(
                    Math.Round(from, 9),
                    Math.Round(seconds, 9),
                    stretch.Work?.PrefillTokens ?? 0,
                    sequences,
                    (stretch.Work?.FirstContextTokens ?? 0) + ((long)index * sequences))
                {
                    EnergyJoules = joules,
                    PrefillEnergyJoules = stretch.Work?.PrefillJoules ?? 0,
                    ClockMegahertz = stretch.ClockMegahertz,
                });
            }
        }

        public void Add(in RequestOutcome outcome)
        {
        }

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
        {
        }

        internal List<PowerSample> Readings()
        {
            List<PowerSample> samples = [];
            PowerSampler sampler = new(sample => samples.Add(sample with { Seconds = Math.Round(sample.Seconds, 9) }));
            exact.ForEach(step => sampler.Add(step.Seconds, step.Joules));
            sampler.End();
            return samples;
        }
    }
}
