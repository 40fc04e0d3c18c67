using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Judging;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Running.Judging;

public sealed class RecordJudgeTests : IDisposable
{
    private const double Watts = 400;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Judge_FindsTheEnergySharp_OnceTheRefreshPeriodIsKnown()
    {
        RunRecord record = Write();

        RecordJudge judge = new(new Dictionary<string, double> { ["gpu0.energy"] = 0.1 }, longestShiftSeconds: 2.2);
        RunVerdict verdict = judge.Judge(record);

        RunManifest judged = RunRecord.Read(record.Folder).Manifest;

        // The reason of the energy is gone. That of the client stays, and the judge sees that the record has a single request.
        Assert.Equal(["client-lag", "too-few-requests"], verdict.Reasons.Select(reason => reason.Code));
        Assert.Equal(0.1, judged.Meters[0].RefreshSeconds);
        Assert.Contains("edges on refreshes of gpu0.energy", judged.Window!.Rule, StringComparison.Ordinal);

        // One token each 0.05 s from steps that end at 0.05, 0.10, ...; none of the first tokens falls into the window.
        Assert.Equal(judged.Window.LengthSeconds / 0.05, judged.Counters["window_output_tokens"], tolerance: 1.01);
        string earlier = File.ReadAllText(Path.Combine(record.Folder, RecordJudge.EarlierManifest));
        Assert.Contains("energy-window-too-short", earlier, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_KeepsTheWindow_WhenItIsAskedAgain()
    {
        RecordJudge judge = new(new Dictionary<string, double> { ["gpu0.energy"] = 0.1 }, longestShiftSeconds: 2.2);
        RunRecord record = Write();
        judge.Judge(record);
        RunManifest once = RunRecord.Read(record.Folder).Manifest;

        judge.Judge(RunRecord.Read(record.Folder));

        RunManifest twice = RunRecord.Read(record.Folder).Manifest;
        Assert.Equal(once.Window, twice.Window);
        Assert.Equal(once.Counters, twice.Counters);

        // One request of 11 s, and the window's share of it.
        Assert.Equal(twice.Window!.LengthSeconds / 11, twice.Counters["window_requests_completed"], 1e-9);
    }

    [Fact]
    public void Judge_LeavesTheRecord_WhenOnlyMembersOfALaterBuildAreMissing()
    {
        RecordJudge judge = new(new Dictionary<string, double> { ["gpu0.energy"] = 0.1 }, longestShiftSeconds: 2.2);
        RunRecord record = Write();
        judge.Judge(record);
        File.Delete(Path.Combine(record.Folder, RecordJudge.EarlierManifest));
        string path = Path.Combine(record.Folder, RunFiles.Manifest);
        string older = string.Concat(File.ReadLines(path).Where(line => !line.Contains("is_from_steps", StringComparison.Ordinal))
            .Select(line => line + "\n"));
        Assert.NotEqual(older, File.ReadAllText(path));
        File.WriteAllText(path, older);

        judge.Judge(RunRecord.Read(record.Folder));

        Assert.Equal(older, File.ReadAllText(path));
        Assert.False(File.Exists(Path.Combine(record.Folder, RecordJudge.EarlierManifest)));
    }

    [Fact]
    public void TokensIn_SpreadsARequestEvenly_WhereThereAreNoSteps()
    {
        RunRecord record = Write(withSteps: false);

        // 200 tokens after the first one, from 1 s to 11 s: 20 a second.
        Assert.Equal(20 * 4, RecordJudge.TokensIn(new MeasurementWindow(3, 7, "test"), record), tolerance: 1e-9);
    }

    private RunRecord Write(bool withSteps = true)
    {
        string path = folder.PathOf(withSteps ? "steps" : "none");
        RunManifest manifest = new SyntheticRun().Manifest with { Meters = [SyntheticMeter.Counter() with { RefreshSeconds = null }] };
        using (RunRecordWriter writer = RunRecordWriter.Create(path, manifest))
        {
            writer.Add(new RequestRecord(0, "MM", 0, 0, 1, 11, 512, 512, 201, 201, RequestStatus.Completed));
            foreach (PowerSample sample in SyntheticMeter.ReadCounter(time => Watts * time, Hunts(), 0.03))
            {
                writer.Add(sample);
            }

            for (int step = 0; withSteps && step < 280; step++)
            {
                writer.Add(new EngineStep(step * 0.05, 0.05, 0, 1, 600));
            }

            writer.Complete(started => started with
            {
                Window = new MeasurementWindow(2.6, 10.4, "closed loop"),
                Verdict = new RunVerdict(
                [
                    new VerdictReason(VerdictCode.EnergyWindowTooShort, "x"), new VerdictReason(VerdictCode.ClientLag, "y"),
                ]),
            });
        }

        return RunRecord.Read(path);
    }

    /// <summary>Three reads, 5 ms apart, around every twenty-first refresh: how an expensive counter is read.</summary>
    private static double[] Hunts() =>
    [
        .. Enumerable.Range(0, 7)
            .SelectMany(hunt => new[] { -0.005, 0.0005, 0.005 }.Select(offset => 0.03 + (hunt * 2.1) + offset + 0.001))
            .Where(time => time > 0),
    ];
}
