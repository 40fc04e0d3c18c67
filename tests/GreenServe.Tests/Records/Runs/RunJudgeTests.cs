using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Runs;

public sealed class RunJudgeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Judge_IsValid_WhereEnoughRequestsRanInASteadyWindow() =>
        Assert.True(Judge(users: 1, Served(0), Served(1), Served(2), Served(3)).IsValid);

    [Fact]
    public void Judge_FindsNoWindow_WhereTheBatchNeverFilled() =>
        Assert.Equal(["no-steady-window"], CodesOf(Judge(users: 5, Served(0), Served(1), Served(2), Served(3))));

    [Fact]
    public void Judge_FindsThatNothingWasCompleted()
    {
        RequestRecord[] failed = [.. Enumerable.Range(0, 4).Select(id => Served(id) with { Status = RequestStatus.ServerError })];

        Assert.Contains("nothing-completed", CodesOf(Judge(users: 1, failed)));
    }

    [Fact]
    public void Judge_FindsNothingToCount_WhereAllRequestsAreWarmUp()
    {
        RunVerdict verdict = Judge(users: null, warmUpSeconds: 1000, Served(0), Served(1));

        Assert.Equal(["no-steady-window", "nothing-completed"], CodesOf(verdict));
        Assert.Equal("none of 0 requests was completed", verdict.Reasons[1].Message);
    }

    [Fact]
    public void Judge_KeepsTheReasonsOfTheRecord_AndAddsNoneOfACodeThatIsThere()
    {
        RunVerdict own = new(
            [new VerdictReason(VerdictCode.ClientLag, "late"), new VerdictReason(VerdictCode.NoSteadyWindow, "in other words")]);
        RunRecord record = Write(users: 5, warmUpSeconds: 0, Served(0), Served(1));

        RunVerdict verdict = RunJudge.Judge(record.Manifest with { Verdict = own }, record);

        Assert.Equal(own.Reasons, verdict.Reasons);
    }

    [Fact]
    public void CompleteJudged_WritesWhatTheJudgeFinds()
    {
        string path = folder.PathOf("judged");
        RunVerdict verdict;
        using (RunRecordWriter writer = RunRecordWriter.Create(path, new SyntheticRun().Manifest with { Concurrency = 5 }))
        {
            writer.Add(Served(0));
            verdict = writer.CompleteJudged(started => started with { Verdict = RunVerdict.Valid }).Manifest.Verdict;
        }

        Assert.Equal(["no-steady-window"], CodesOf(verdict));
        Assert.Equal(verdict.Reasons, RunRecord.Read(path).Manifest.Verdict.Reasons);
    }

    /// <summary>
    /// A model meter that refreshes every 5 s over a window of some seconds: too coarse by itself. With steps that state their energy
    /// the steps give it, without any refresh.
    /// </summary>
    [Theory]
    [InlineData(false, "energy-window-too-short")]
    [InlineData(true, null)]
    public void Judge_HoldsAModelsMeterAgainstTheWindow_UnlessStepsStateTheEnergy(bool haveEnergy, string? expected)
    {
        MeterDescription meter = new()
        {
            Name = "model",
            Scope = MeterScope.Gpu,
            Method = "power model",
            IsCounter = true,
            IsEstimated = true,
            RefreshSeconds = 5,
        };
        string path = folder.PathOf("energy");
        RunManifest manifest = new SyntheticRun().Manifest with { Concurrency = 1, Meters = [meter], Window = null };
        RunVerdict verdict;
        using (RunRecordWriter writer = RunRecordWriter.Create(path, manifest))
        {
            for (int id = 0; id < 10; id++)
            {
                writer.Add(Served(id));
                writer.Add(new PowerSample("model", id * 5.0, null, id * 1500.0));
                writer.Add(new EngineStep(id, 1, 10, 1, 100) { EnergyJoules = haveEnergy ? 300 : null });
            }

            verdict = writer.CompleteJudged(started => started with { Verdict = RunVerdict.Valid }).Manifest.Verdict;
        }

        Assert.Equal(expected is null ? [] : [expected], CodesOf(verdict));
    }

    private RunVerdict Judge(int? users, params RequestRecord[] requests) => Judge(users, 0, requests);

    private RunVerdict Judge(int? users, double warmUpSeconds, params RequestRecord[] requests)
    {
        RunRecord record = Write(users, warmUpSeconds, requests);
        return RunJudge.Judge(record.Manifest, record);
    }

    private RunRecord Write(int? users, double warmUpSeconds, params RequestRecord[] requests)
    {
        RunManifest manifest = new SyntheticRun().Manifest with { Concurrency = users, WarmUpSeconds = warmUpSeconds, Meters = [] };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), manifest))
        {
            Array.ForEach(requests, writer.Add);
            writer.Complete(started => started with { Verdict = RunVerdict.Valid });
        }

        return RunRecord.Read(folder.PathOf("run"));
    }

    private static string[] CodesOf(RunVerdict verdict) => [.. verdict.Reasons.Select(reason => reason.Code)];

    /// <summary>A request that one user sends each second, with its first token after half of it.</summary>
    private static RequestRecord Served(int id) => new(id, "SM", id, id, id + 0.5, id + 1, 100, 100, 11, 11, RequestStatus.Completed);
}
