using System.Text.Json.Nodes;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class RecordReplayTests
{
    [Fact]
    public void TryCreate_TakesTheTokensThatTheRunCounted_WhereItStatesItsWindow()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Record(folder, manifest =>
        {
            manifest["warm_up_seconds"] = 4;
            manifest["window"] = new JsonObject { ["start_seconds"] = 4, ["end_seconds"] = 14, ["rule"] = "test" };
            manifest["counters"] = new JsonObject { ["window_output_tokens"] = 5000 };
        });

        RecordReplay replay = RecordReplay.TryCreate(record)!;

        // 5,000 tokens in 10 s, whatever the table of requests says.
        Assert.Equal(500, replay.Measured.OutputTokensPerSecond!.Value, 1e-9);
        Assert.Equal(replay.Measured.Watts!.Value / 500, replay.Measured.JoulesPerOutputToken!.Value, 1e-9);
        Assert.Equal(4, replay.WarmUpSeconds, 1e-9);
    }

    [Fact]
    public void TryCreate_LeavesOutLaterRequests_WhereTheRunIsLong()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Record(folder, _ => { });

        RecordReplay replay = RecordReplay.TryCreate(record, maxRequests: 15)!;

        Assert.Equal((15, 25), (replay.Schedule.Requests.Count, replay.LeftOutRequests));
        Assert.Equal(0, RecordReplay.TryCreate(record)!.LeftOutRequests);
    }

    /// <summary>A record of 40 requests, one each 0.4 s, that is passed off as measured.</summary>
    private static RunRecord Record(TemporaryFolder folder, Action<JsonObject> change)
    {
        RunRecord record = SimulatedRecords.AsMeasured(
            SimulatedRecords.Write(folder.PathOf("run"), TestSystems.H100(TestSystems.Llama31For8B, 1), 40));
        string path = Path.Combine(record.Folder, RunFiles.Manifest);
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
        return RunRecord.Read(record.Folder);
    }
}
