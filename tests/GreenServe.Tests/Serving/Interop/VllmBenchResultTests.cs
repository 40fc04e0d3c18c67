using System.Text.Json.Nodes;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Interop;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.Interop;

public sealed class VllmBenchResultTests
{
    [Fact]
    public void Of_HasVllmsNamesAndUnits()
    {
        JsonObject result = Export();

        // Two completed requests of 10 + 5 tokens, one failed, one warm-up that counts nowhere.
        Assert.Equal((3, 2, 1), ((int)result["num_prompts"]!, (int)result["completed"]!, (int)result["failed"]!));
        Assert.Equal((20L, 10L), ((long)result["total_input_tokens"]!, (long)result["total_output_tokens"]!));

        // Issued at 1 s, the last one ended at 5 s.
        Assert.Equal(4, (double)result["duration"]!, 1e-9);
        Assert.Equal(2 / 4.0, (double)result["request_throughput"]!, 1e-9);
        Assert.Equal(10 / 4.0, (double)result["output_throughput"]!, 1e-9);

        // First tokens after 100 and 300 ms; token gaps (completed - first) / 4.
        Assert.Equal(200, (double)result["mean_ttft_ms"]!, 1e-6);
        Assert.Equal(200, (double)result["median_ttft_ms"]!, 1e-6);
        Assert.Equal(100, (double)result["std_ttft_ms"]!, 1e-6);
        Assert.Equal(298, (double)result["p99_ttft_ms"]!, 1e-6);
        Assert.Equal((400 + 800) / 2 / 4.0, (double)result["mean_tpot_ms"]!, 1e-6);
        Assert.Equal(20, (double)result["median_itl_ms"]!, 0.1);
        Assert.Equal(["", "", "500: no"], result["errors"]!.AsArray().Select(error => (string?)error));
        Assert.Equal([5, 5, 0], result["output_lens"]!.AsArray().Select(length => (int)length!));
        Assert.Equal(0.1, (double)result["ttfts"]![0]!, 1e-9);
    }

    [Fact]
    public void Write_LeavesAFile_ThatIsJson()
    {
        using TemporaryFolder folder = new();

        VllmBenchResult.Write(Record(folder), folder.PathOf("result.json"), [50, 99.9]);

        JsonNode result = JsonNode.Parse(File.ReadAllText(folder.PathOf("result.json")))!;
        Assert.NotNull(result["p99.9_e2el_ms"]);
        Assert.NotNull(result["p50_itl_ms"]);
        Assert.Null(result["p99_ttft_ms"]);
    }

    private static JsonObject Export()
    {
        using TemporaryFolder folder = new();
        return VllmBenchResult.Of(Record(folder));
    }

    private static RunRecord Record(TemporaryFolder folder)
    {
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest()))
        {
            writer.Add(new RequestRecord(0, "SS", 0, 0, 0.5, 0.6, 10, 10, 5, 5, RequestStatus.Completed));
            writer.Add(new RequestRecord(1, "SS", 1, 1, 1.1, 1.5, 10, 10, 5, 5, RequestStatus.Completed));
            writer.Add(new RequestRecord(2, "SS", 2, 3.9, 4.2, 5, 10, 10, 5, 5, RequestStatus.Completed));
            writer.Add(new RequestRecord(3, "SS", 2.5, 2.5, null, 2.6, 10, null, 5, null, RequestStatus.ServerError, "500: no"));
            writer.AddTokenGap("SS", 0.02, times: 8);
            writer.Complete(manifest => manifest with { WarmUpSeconds = 0.5, Verdict = RunVerdict.Valid });
        }

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        _ = (record.Requests, record.TokenGaps);
        return record;
    }
}
