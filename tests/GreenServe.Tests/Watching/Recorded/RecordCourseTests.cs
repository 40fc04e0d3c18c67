using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;
using GreenServe.Watching.Courses;
using GreenServe.Watching.Recorded;

namespace GreenServe.Tests.Watching.Recorded;

public sealed class RecordCourseTests
{
    private static readonly MeterDescription Gpu = new()
    {
        Name = "gpu0.energy",
        Scope = MeterScope.Gpu,
        Method = "counter",
        IsCounter = true,
        RefreshSeconds = 0.1,
    };

    [Fact]
    public void At_GivesRatesLatenciesAndEnergy_OfTheRequestsThatHaveEnded()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Write(folder.PathOf("run"), requests: 40);

        RecordCourse course = RecordCourse.Of(record, record.Manifest.Meters);
        LiveMoment moment = course.At(20.5, pointsEnded: 0);

        // One request a second is issued at 0, 1, ... and ends 2 s later with 11 tokens. The 10 ends in (10.5, 20.5] are those at 11 to 20.
        Assert.Equal(1.0, moment.RequestsPerSecond!.Value, 1e-9);
        Assert.Equal(11.0, moment.OutputTokensPerSecond!.Value, 1e-9);

        // The first token comes after 0.5 s, the last after 1.5 s: 1 s for 10 further tokens.
        Assert.Equal(0.5, moment.TtftP50Seconds!.Value, 1e-9);
        Assert.Equal(0.1, moment.TpotP99Seconds!.Value, 1e-9);

        // Issued at 19 and 20, and the one that was issued at 18.5 or before has ended: 19, 20 are in flight.
        Assert.Equal(2, moment.InFlightRequests);

        // 400 W from the first request at 0 s: 8200 J at 20.5 s, over the 19 requests that ended at 2, 3, ... 20 with 11 tokens each.
        Assert.Equal(400, moment.MeterWatts["gpu0.energy"], 1e-6);
        Assert.Equal(400 * 20.5 / (19 * 11), moment.JoulesPerOutputToken!.Value, 1e-6);
    }

    [Fact]
    public void At_HasNoNumbers_BeforeTheLoadAndWithoutReadings()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Write(folder.PathOf("run"), requests: 3);

        LiveMoment moment = RecordCourse.Of(record, record.Manifest.Meters).At(-1, pointsEnded: 0);

        Assert.Null(moment.RequestsPerSecond);
        Assert.Null(moment.JoulesPerOutputToken);
        Assert.Null(moment.TtftP50Seconds);
        Assert.Empty(moment.MeterWatts);
    }

    [Fact]
    public void At_DoesNotKnowWhatIsInFlight_WhileTheRecordIsWritten()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Write(folder.PathOf("run"), requests: 3, isFinished: false);

        Assert.Null(RecordCourse.Of(record, record.Manifest.Meters).At(2, pointsEnded: 0).InFlightRequests);
    }

    [Fact]
    public void At_ShowsNoPower_WhenACounterStandsStill()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Write(folder.PathOf("run"), requests: 12, watts: 0);

        LiveMoment moment = RecordCourse.Of(record, record.Manifest.Meters).At(5, pointsEnded: 0);

        Assert.Empty(moment.MeterWatts);
        Assert.Null(moment.JoulesPerOutputToken);
    }

    /// <summary>A record of one request a second, each 2 s long with 11 tokens, beside a counter of constant power.</summary>
    internal static RunRecord Write(string folder, int requests, bool isFinished = true, double watts = 400)
    {
        RunManifest manifest = new SyntheticRun().Manifest with { Meters = [Gpu], Concurrency = null, DurationSeconds = null };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder, manifest))
        {
            Add(writer, 0, requests, watts);
            if (isFinished)
            {
                writer.Complete(started => started with
                {
                    DurationSeconds = requests + 1,
                    Window = new MeasurementWindow(1, requests, "test"),
                    Verdict = GreenServe.Records.Verdicts.RunVerdict.Valid,
                });
            }
        }

        return RunRecord.Read(folder);
    }

    /// <summary>Adds requests and the readings of the counter up to 3 s after the last one.</summary>
    internal static void Add(RunRecordWriter writer, int from, int to, double watts = 400)
    {
        for (int id = from; id < to; id++)
        {
            writer.Add(new RequestRecord(id, "MS", id, id, id + 0.5, id + 2, 512, 512, 11, 11, RequestStatus.Completed)
            {
                LastTokenSeconds = id + 1.5,
            });
        }

        int first = from == 0 ? 0 : (from + 3) * 10;
        for (int tick = first; tick < (to + 3) * 10; tick++)
        {
            writer.Add(new PowerSample(Gpu.Name, tick / 10.0, Watts: null, CumulativeJoules: watts * tick / 10.0));
        }
    }
}
