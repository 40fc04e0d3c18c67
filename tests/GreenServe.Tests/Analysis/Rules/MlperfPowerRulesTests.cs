using System.Text.Json.Nodes;
using GreenServe.Analysis.Rules;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Rules;

public sealed class MlperfPowerRulesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly MeterFault Fault = new(300, "read-failed", "x");

    private readonly TemporaryFolder folder = new();
    private int records;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Check_FindsEveryRuleMet_WhenTheRecordWasMadeForThem()
    {
        RunRecord ranging = Record(start: Start.AddHours(-1));
        RunRecord testing = Record();

        IReadOnlyList<RuleResult> results = MlperfPowerRules.Check(testing, [ranging, testing]);

        Assert.Equal(10, results.Count);
        Assert.All(results, result => Assert.True(result.Outcome == RuleOutcome.Met, result.ToString()));
    }

    [Fact]
    public void Check_NamesTheBrokenRule_WhenOneIsBroken()
    {
        RunRecord ranging = Record(start: Start.AddHours(-1));

        Assert.Equal(["duration"], Broken(Record(seconds: 599), ranging));
        Assert.Equal(["accepted-analyser"], Broken(Record(meter => meter with { Method = "a plug with a display" }), ranging));
        Assert.Equal(["uncertainty"], Broken(Record(meter => meter with { GainErrorRatio = 0.02 }), ranging));
        Assert.Equal(["sample-rate"], Broken(Record(everySeconds: 2), ranging));
        Assert.Equal(["no-meter-errors"], Broken(Record(meter => meter with { Faults = [Fault] }), ranging));
        Assert.Equal(["settings-documented"], Broken(Record(gpus: []), ranging));
    }

    [Fact]
    public void Check_NamesEveryRuleOfTheMeter_WhenNoMeterIsAtTheWall()
    {
        RunRecord ranging = Record(start: Start.AddHours(-1));

        RunRecord record = Record(meter => meter with { Scope = MeterScope.Gpu });

        Assert.Equal(
            ["whole-system", "accepted-analyser", "uncertainty", "sample-rate", "same-run", "no-meter-errors"],
            Broken(record, ranging));
    }

    [Fact]
    public void Check_NamesTwoPasses_WhenNoEarlierRecordHasTheSameSettings()
    {
        Assert.Equal(["two-passes"], Broken(Record()));
        Assert.Equal(["two-passes"], Broken(Record(), Record(start: Start.AddSeconds(-10))));
        Assert.Equal(["two-passes"], Broken(Record(), Record(start: Start.AddHours(-1), knobs: new Knobs { PowerCapWatts = 500 })));
    }

    [Fact]
    public void Check_NamesTheSampleRate_WhenReadingsEndBeforeThePhase()
    {
        RuleResult result = MlperfPowerRules.Check(Record(readingsEnd: 300), []).Single(rule => rule.Rule == "sample-rate");

        Assert.Equal(RuleOutcome.NotMet, result.Outcome);
        Assert.Equal("readings do not cover the phase", result.Found);
    }

    [Fact]
    public void Check_CannotTell_WhenAnErrorOrAnOffsetIsNotStated()
    {
        RunRecord ranging = Record(start: Start.AddHours(-1));

        Assert.Equal(["uncertainty"], Broken(Record(meter => meter with { GainErrorRatio = null }), RuleOutcome.NotTested, ranging));
        Assert.Equal(["synchronised"], Broken(Record(meter => meter with { Name = "pdu:watts" }), RuleOutcome.NotTested, ranging));
    }

    [Theory]
    [InlineData(0.002, RuleOutcome.Met)]
    [InlineData(0.9, RuleOutcome.NotMet)]
    public void Check_HoldsTheOffsetAgainstItsLimit_WhenTheMeterIsOnAnotherHost(double errorSeconds, RuleOutcome expected)
    {
        RunRecord record = Record(
            meter => meter with { Name = "pdu:watts" },
            counters: new() { ["clock_offset_error_seconds:pdu"] = errorSeconds });

        Assert.Equal(expected, MlperfPowerRules.Check(record, []).Single(result => result.Rule == "synchronised").Outcome);
    }

    [Fact]
    public void Check_TestsNothingOfThePhase_WhenTheRunHasNone()
    {
        RunRecord record = Record(requests: false);

        Assert.Equal(
            ["duration", "sample-rate", "same-run", "no-meter-errors"],
            MlperfPowerRules.Check(record, []).Where(result => result.Outcome == RuleOutcome.NotTested).Select(result => result.Rule));
    }

    private static RequestRecord Request(long id, double issued) =>
        new(id, "MM", issued, issued, issued + 1, issued + 5, 512, 512, 128, 128, RequestStatus.Completed);

    private static string[] Broken(RunRecord record, params RunRecord[] others) => Broken(record, RuleOutcome.NotMet, others);

    private static string[] Broken(RunRecord record, RuleOutcome outcome, params RunRecord[] others) =>
        [.. MlperfPowerRules.Check(record, others).Where(result => result.Outcome == outcome).Select(result => result.Rule)];

    private RunRecord Record(
        Func<MeterDescription, MeterDescription>? change = null,
        double seconds = 700,
        double everySeconds = 1,
        double? readingsEnd = null,
        DateTimeOffset? start = null,
        Knobs? knobs = null,
        string[]? gpus = null,
        Dictionary<string, double>? counters = null,
        bool requests = true)
    {
        MeterDescription meter = new()
        {
            Name = "wall",
            Scope = MeterScope.Node,
            Method = "Yokogawa WT310E through PTDaemon",
            GainErrorRatio = 0.005,
        };
        meter = change is null ? meter : change(meter);
        string path = folder.PathOf($"record-{records++}");
        RunManifest manifest = new()
        {
            WorkloadName = "test",
            Workload = new JsonObject(),
            WorkloadSha256 = "abc",
            Model = "llama-2-70b",
            Knobs = knobs ?? new Knobs(),
            Backend = BackendKind.OpenAI,
            Evidence = EvidenceKind.Measured,
            Environment = RunEnvironment.Virtual() with { Gpus = gpus ?? ["NVIDIA H200 (GPU 0), power limit 700 W"] },
            Seed = 1,
            StartedAt = start ?? Start,
            DurationSeconds = seconds + 10,
            Meters = [meter],
            Counters = counters ?? [],
            Verdict = RunVerdict.Valid,
        };
        using (RunRecordWriter writer = RunRecordWriter.Create(path, manifest))
        {
            for (double time = 0; time <= (readingsEnd ?? seconds + 10); time += everySeconds)
            {
                writer.Add(new PowerSample(meter.Name, time, 5000, null));
            }

            if (requests)
            {
                writer.Add(Request(0, 0));
                writer.Add(Request(1, seconds));
            }

            writer.Complete(started => started with { Verdict = RunVerdict.Valid });
        }

        return RunRecord.Read(path);
    }
}
