using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation;

public sealed class ValidationTests
{
    private const string Header = "id,source,seen,split,gpu,model,precision,tp,load,in_tokens,out_tokens,freq_mhz,stack,ttft_ms,tbt_ms,out_tok_s,power_w_total,j_per_out_tok,note\n";

    [Fact]
    public void Read_TakesWordsForNumbersNotReported()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", Header
            + "7,\"some source @1 (MIT)\",text,validation,H100-SXM,meta-llama/Llama-3.1-8B-Instruct,bf16,1,avg batch 8,~380 inferred,388.7,,vLLM 2025,,7.32,1070,486,0.455,note\n");

        MeasuredPoint point = Assert.Single(PointsFile.Read(path));

        Assert.Equal(("7", 1, 388.7, 0.00732, 2), (point.Id, point.TensorParallelism, point.OutputTokens, point.TbtSeconds, point.Line));
        Assert.Null(point.InputTokens);
        Assert.Null(point.TtftSeconds);
        Assert.False(point.IsForCalibration);
    }

    [Fact]
    public void Read_ReportsEveryImpossibleValueWithItsLine()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", Header
            + "1,s,text,validation,H100-SXM,m,bf16,1,batch 1,10,10,,vLLM 2025,-5,1,,,,\n"
            + ",s,text,validation,H100-SXM,m,bf16,1,batch 1,10,10,,vLLM 2025,5,NaN,,0,,\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.Equal([("Ttft", 2), ("id", 3), ("Tbt", 3), ("Watts", 3)], exception.Problems.Select(problem => (problem.Place, problem.Line!.Value)));
    }

    [Fact]
    public void Read_NamesTheColumnsThatAreMissing()
    {
        using TemporaryFolder folder = new();
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(folder.Write("points.csv", "id,source\n")));
        Assert.Equal(15, exception.Problems.Count);
        Assert.Throws<InvalidInputException>(() => PointsFile.Read(folder.PathOf("none.csv")));
    }

    [Theory]
    [InlineData("batch 8", 8)]
    [InlineData("avg batch 898", 898)]
    [InlineData("concurrency 16", 16)]
    [InlineData("saturated, offline", 0)]
    [InlineData("", null)]
    [InlineData("batch many", null)]
    [InlineData("concurrency 0", null)]
    public void Parse_KnowsTheLoadsOfPublishedPoints(string text, int? requests) => Assert.Equal(requests, PointLoad.Parse(text)?.Requests);

    [Fact]
    public void Of_SkipsAndNamesWhatItCannotSimulate()
    {
        MeasuredPoint good = Point("good");
        ValidationReport report = ValidationReport.Of(
        [
            good,
            good with { Id = "gpu", Gpu = "H900" },
            good with { Id = "gpu too", Gpu = "H900" },
            good with { Id = "model", Model = "nobody/knows" },
            good with { Id = "precision", Precision = "fp4" },
            good with { Id = "stack", Stack = "pencil" },
            good with { Id = "load", Load = "" },
            good with { Id = "lengths", InputTokens = null },
            good with { Id = "memory", Model = "meta-llama/Llama-3.1-405B" },
        ]);

        Assert.Equal("good", Assert.Single(report.Results, result => result.Prediction is not null).Point.Id);
        Assert.Equal(("unknown GPU 'H900'", 2), report.Skipped()[0]);
        Assert.Equal(7, report.Skipped().Count);
        Assert.Contains(report.Skipped(), item => item.Reason.Contains("GB of weights", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ComputesErrorsByHand()
    {
        PointResult[] results = [.. new[] { 1.1, 0.8, 1.3 }.Select((factor, index) => new PointResult(
            Point($"{index}") with { TbtSeconds = 0.02 }, "vllm-2025", new Prediction(0.1, 0.02 * factor, 1, 1, 1, 0), null))];

        ErrorRow row = ErrorRow.Of("all", "all points", "validation", PointMetric.Tbt, results)!;

        // Errors +10 %, -20 %, +30 %.
        Assert.Equal(0.2, row.MeanAbsolute, 1e-12);
        Assert.Equal(0.2 / 3, row.Bias, 1e-12);
        Assert.Equal(0.3, row.P90Absolute, 1e-12);
        Assert.Equal(("2", 3), (row.WorstId, row.Points));
        Assert.Null(ErrorRow.Of("all", "all points", "validation", PointMetric.Watts, results));
    }

    [Fact]
    public void Write_LeavesATableAndEveryPoint()
    {
        using TemporaryFolder folder = new();
        ValidationFiles.Write(ValidationReport.Of([Point("a"), Point("b") with { Gpu = "H900" }]), folder.Root);

        string[] points = File.ReadAllLines(folder.PathOf(ValidationFiles.Points));
        Assert.Equal(3, points.Length);
        Assert.Contains("unknown GPU 'H900'", points[2], StringComparison.Ordinal);
        Assert.Contains("Skipped 1: unknown GPU 'H900'", File.ReadAllText(folder.PathOf(ValidationFiles.Table)), StringComparison.Ordinal);
        Assert.StartsWith("group,name,split,metric,points,mape_ratio", File.ReadAllText(folder.PathOf(ValidationFiles.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ComparesAMeasuredRunWithTheSameRequests()
    {
        using TemporaryFolder folder = new();
        RunRecord simulated = SimulatedRecords.Write(folder.PathOf("run"), TestSystems.H100(TestSystems.Llama31For8B, 1), 40);
        Assert.Equal("a simulated run is no measurement", RunRecordComparison.Of(simulated).Skipped);

        // The simulator's own run, passed off as measured: it must find itself right.
        RunRecord measured = SimulatedRecords.AsMeasured(simulated);
        PointResult result = RunRecordComparison.Of(measured);

        Assert.Null(result.Skipped);
        Assert.InRange(result.Error(PointMetric.Ttft), -1e-6, 1e-6);
        Assert.InRange(result.Error(PointMetric.Tbt), -1e-6, 1e-6);
        Assert.InRange(result.Error(PointMetric.Watts), -0.02, 0.02);
    }

    /// <summary>The published points as they are. The limits are a little above what was reached, so that a change that makes it worse shows.</summary>
    [Theory]
    [InlineData("aiconfigurator silicon_sample.csv", "calibration", PointMetric.Ttft, 0.06)]
    [InlineData("aiconfigurator silicon_sample.csv", "calibration", PointMetric.Tbt, 0.07)]
    [InlineData("ML.ENERGY leaderboard v3", "calibration", PointMetric.Tbt, 0.05)]
    [InlineData("ML.ENERGY leaderboard v3", "calibration", PointMetric.Watts, 0.045)]
    [InlineData("ML.ENERGY leaderboard v3", "calibration", PointMetric.JoulesPerToken, 0.07)]
    [InlineData("splitwise-sim perf_model.csv", "calibration", PointMetric.Watts, 0.06)]
    [InlineData("splitwise-sim perf_model.csv", "validation", PointMetric.Tbt, 0.085)]
    [InlineData("ML.ENERGY leaderboard-v2", "validation", PointMetric.Watts, 0.145)]
    [InlineData("ML.ENERGY leaderboard-v2", "validation", PointMetric.JoulesPerToken, 0.21)]
    [InlineData("TensorRT-LLM docs perf-overview v1.0", "validation", PointMetric.Throughput, 0.13)]
    public void Of_StaysWithinTheErrorsReached_OnPublishedPoints(string source, string split, PointMetric metric, double most)
    {
        MeasuredPoint[] points = [.. Repository.PointsFiles.SelectMany(PointsFile.Read).Where(point => point.Source.StartsWith(source, StringComparison.Ordinal)
            && point.IsForCalibration == (split == "calibration"))];

        ErrorRow row = ValidationReport.Of(points).Errors().Single(row => row.Group == "source" && row.Name == source && row.Split == split && row.Metric == metric);

        Assert.True(row.MeanAbsolute <= most, $"{row.MeanAbsolute:P1} over {row.Points} points, worst {row.Worst:P1} ({row.WorstId})");
    }

    private static MeasuredPoint Point(string id) => new()
    {
        Id = id,
        Source = "source @1 (MIT)",
        Split = "validation",
        Gpu = "H100-SXM",
        Model = "meta-llama/Llama-3.1-8B-Instruct",
        TensorParallelism = 1,
        Load = "concurrency 4",
        InputTokens = 100,
        OutputTokens = 20,
        Stack = "vLLM 2025",
        TbtSeconds = 0.0075,
    };
}
