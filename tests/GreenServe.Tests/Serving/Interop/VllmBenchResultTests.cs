using System.Text.Json.Nodes;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
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

        // First tokens after 100 and 300 ms; token gaps (last token - first) / 4.
        Assert.Equal(200, (double)result["mean_ttft_ms"]!, 1e-6);
        Assert.Equal(200, (double)result["median_ttft_ms"]!, 1e-6);
        Assert.Equal(100, (double)result["std_ttft_ms"]!, 1e-6);
        Assert.Equal(298, (double)result["p99_ttft_ms"]!, 1e-6);
        Assert.Equal((360 + 800) / 2 / 4.0, (double)result["mean_tpot_ms"]!, 1e-6);

        // Four gaps of 19 ms and four of 21 ms, in bins of their own.
        Assert.Equal(20, (double)result["mean_itl_ms"]!, 1e-6);
        Assert.Equal(1, (double)result["std_itl_ms"]!, 1e-6);
        Assert.Equal(19, (double)result["median_itl_ms"]!, 1e-6);
        Assert.Equal(21, (double)result["p99_itl_ms"]!, 1e-6);
        Assert.Equal(["", "", "500: no"], result["errors"]!.AsArray().Select(error => (string?)error));
        Assert.Equal([5, 5, 0], result["output_lens"]!.AsArray().Select(length => (int)length!));
        Assert.Equal(0.1, (double)result["ttfts"]![0]!, 1e-9);
    }

    [Fact]
    public void Of_ListsTheGapsBetweenChunks_WhenTokenTimesWereKept()
    {
        // Request 1 has tokens at 100, 120, 120 and 150 ms after its issue: two in one chunk. Request 0 is warm-up, 3 has failed.
        JsonObject result = Export(
            slo: null, new(0, 0, 0.5), new(0, 1, 0.6), new(1, 0, 1.1), new(1, 1, 1.12), new(1, 2, 1.12), new(1, 3, 1.15), new(3, 0, 2.5));

        Assert.Equal(3, result["itls"]!.AsArray().Count);
        Assert.Equal([0.02, 0.03], result["itls"]![0]!.AsArray().Select(gap => Math.Round((double)gap!, 9)));
        Assert.Empty(result["itls"]![2]!.AsArray());

        // Mean and deviation of 20 and 30 ms.
        Assert.Equal(25, (double)result["mean_itl_ms"]!, 1e-6);
        Assert.Equal(5, (double)result["std_itl_ms"]!, 1e-6);
        Assert.Equal([1, 3.9, 2.5], result["start_times"]!.AsArray().Select(time => (double)time!));
    }

    [Fact]
    public void Of_LeavesTheGapsOut_WhenTokenTimesWereNotKept() => Assert.Null(Export()["itls"]);

    [Fact]
    public void Of_HasTheHighestRates()
    {
        JsonObject result = Export();

        // Issued at 1 and 3.9 s, ended at 1.5 and 5 s: never two at once.
        Assert.Equal(1, (int)result["max_concurrent_requests"]!);

        // Seconds count from 1 s. All five tokens of the first request come in the first of them.
        Assert.Equal(5, (double)result["max_output_tokens_per_s"]!, 1e-6);
    }

    [Theory]
    [InlineData(SloMetric.Ttft, 0.2, 1)]    // 100 and 300 ms
    [InlineData(SloMetric.Tpot, 0.1, 1)]    // 90 and 200 ms
    [InlineData(SloMetric.E2e, 1.2, 2)]     // 0.5 and 1.1 s
    [InlineData(SloMetric.E2e, 0.1, 0)]
    public void Of_CountsTheRequestsWithinTheSlo(SloMetric metric, double seconds, int within)
    {
        SloProfile slo = new() { Name = "test", Source = "test", Limits = [new SloLimit { Metric = metric, LimitSeconds = seconds }] };

        Assert.Equal(within / 4.0, (double)Export(slo)["request_goodput"]!, 1e-9);
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

    private static JsonObject Export(SloProfile? slo = null, params TokenTime[] tokens)
    {
        using TemporaryFolder folder = new();
        return VllmBenchResult.Of(Record(folder, slo, tokens));
    }

    private static RunRecord Record(TemporaryFolder folder, SloProfile? slo = null, params TokenTime[] tokens)
    {
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest()))
        {
            writer.Add(new RequestRecord(0, "SS", 0, 0, 0.5, 0.6, 10, 10, 5, 5, RequestStatus.Completed));
            writer.Add(new RequestRecord(1, "SS", 1, 1, 1.1, 1.5, 10, 10, 5, 5, RequestStatus.Completed) { LastTokenSeconds = 1.46 });
            writer.Add(new RequestRecord(2, "SS", 2, 3.9, 4.2, 5, 10, 10, 5, 5, RequestStatus.Completed));
            writer.Add(new RequestRecord(3, "SS", 2.5, 2.5, null, 2.6, 10, null, 5, null, RequestStatus.ServerError, "500: no"));
            writer.AddTokenGap("SS", 0.019, times: 4);
            writer.AddTokenGap("SS", 0.021, times: 4);
            foreach (TokenTime token in tokens)
            {
                writer.Add(token);
            }

            writer.Complete(manifest => manifest with { WarmUpSeconds = 0.5, Verdict = RunVerdict.Valid, Slo = slo });
        }

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        _ = (record.Requests, record.TokenGaps, record.TokenTimes);
        return record;
    }
}
