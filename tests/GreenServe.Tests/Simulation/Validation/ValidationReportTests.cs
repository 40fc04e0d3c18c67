using GreenServe.Simulation;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class ValidationReportTests
{
    [Fact]
    public void Of_NamesTheReason_WhenItCannotSimulateAPoint()
    {
        MeasuredPoint good = Points.Point("good");
        ValidationReport report = ValidationReport.Of(
        [
            good,
            good with { Id = "gpu", Gpu = "H900" },
            good with { Id = "gpu too", Gpu = "H900" },
            good with { Id = "model", Model = "nobody/knows" },
            good with { Id = "precision", Precision = "fp6" },
            good with { Id = "stack", Stack = "pencil" },
            good with { Id = "protocol", Protocol = "nothing" },
            good with { Id = "load", Load = null },
            good with { Id = "misspelt load", Load = "concurency 32" },
            good with { Id = "clock", ChangingClock = "1980->1200" },
            good with { Id = "lengths", InputTokens = null },
            good with { Id = "memory", Model = "meta-llama/Llama-3.1-405B" },
        ]);

        Assert.Equal("good", Assert.Single(report.Results, result => result.Prediction is not null).Point.Id);
        Assert.Equal(("unknown GPU 'H900'", 2, "gpu, gpu too"), report.Skipped()[0]);
        Assert.Equal(10, report.Skipped().Count);
        Assert.Contains(report.Skipped(), item => item.Reason.Contains("GB of weights", StringComparison.Ordinal));
        Assert.Contains(report.Skipped(), item => item.Reason.Contains("protocol: got 'nothing'", StringComparison.Ordinal));
        Assert.Contains(
            ("load 'concurency 32', want batch N, concurrency N, avg batch N or saturated", 1, "misspelt load"), report.Skipped());
        Assert.Contains(("clock '1980->1200', want one number of MHz", 1, "clock"), report.Skipped());
    }

    [Fact]
    public void Of_SimulatesEveryPointWithTheEngine_WhenTheUserStatesOne()
    {
        MeasuredPoint[] points = [Points.Point("a"), Points.Point("b") with { Stack = null }];

        ValidationReport report = ValidationReport.Of(points, new StatedSystem { Engine = "sglang-0.5" });

        Assert.All(report.Results, result => Assert.Equal("sglang-0.5", result.Engine));
        Assert.Equal(["Stated in place of what the points of files name: engine sglang-0.5."], report.Notes);
    }

    [Fact]
    public void Of_CountsTheWholeRun_WhereTheLoadIsTooShortToBeSteady()
    {
        using TemporaryFolder folder = new();
        string protocol = folder.Write("short.yaml", """
            { name: short, source: test, engine: vllm-0.11, load: { start: together, rounds: 1 }, window: steady }
            """);
        MeasuredPoint point = Points.Point("short") with { Load = "concurrency 64", Protocol = protocol, OutputTokensPerSecond = 1000 };

        Prediction prediction = Assert.Single(ValidationReport.Of([point]).Results).Prediction!;

        // One round of 64 users: nothing was sent after the first request ended.
        Assert.True(prediction.OutputTokensPerSecond > 0 && double.IsFinite(prediction.JoulesPerOutputToken));
        Assert.Equal(prediction.Watts / prediction.OutputTokensPerSecond, prediction.JoulesPerOutputToken, 1e-9);
    }

    [Fact]
    public void Of_HasNoTimeBetweenTokens_WhereRequestsHaveOne() =>
        Assert.Null(Assert.Single(ValidationReport.Of([Points.Point("one") with { OutputTokens = 1 }]).Results).Prediction!.TbtSeconds);

    [Fact]
    public void Of_SkipsAPoint_WhoseStepHasNoRoomForItsUsers()
    {
        using TemporaryFolder folder = new();
        string protocol = folder.Write("small.yaml", """
            { name: small, source: test, engine: vllm-0.11, settings: [{ step_tokens: 32 }] }
            """);
        MeasuredPoint point = Points.Point("small") with { Load = "concurrency 64", Protocol = protocol };

        PointResult[] results = [.. ValidationReport.Of([point, point with { Load = "concurrency 32" }]).Results];

        Assert.Contains("step_tokens: got 32", results[0].Skipped, StringComparison.Ordinal);
        Assert.NotNull(results[1].Prediction);
    }

    /// <summary>
    /// Published points. The limits are a little above the errors that were reached, so that a change for the worse shows.
    /// </summary>
    [Theory]
    [InlineData("aiconfigurator silicon_sample.csv", "calibration", PointMetric.Ttft, 0.14)]
    [InlineData("aiconfigurator silicon_sample.csv", "calibration", PointMetric.Tbt, 0.07)]
    [InlineData("ML.ENERGY leaderboard v3", "calibration", PointMetric.Tbt, 0.05)]
    [InlineData("ML.ENERGY leaderboard v3", "calibration", PointMetric.Watts, 0.05)]
    [InlineData("ML.ENERGY leaderboard v3", "calibration", PointMetric.JoulesPerToken, 0.08)]
    [InlineData("splitwise-sim perf_model.csv", "calibration", PointMetric.Watts, 0.06)]
    [InlineData("splitwise-sim perf_model.csv", "validation", PointMetric.Tbt, 0.085)]
    [InlineData("ML.ENERGY leaderboard-v2", "validation", PointMetric.Watts, 0.145)]
    [InlineData("ML.ENERGY leaderboard-v2", "validation", PointMetric.JoulesPerToken, 0.21)]
    [InlineData("TensorRT-LLM docs perf-overview v1.0", "validation", PointMetric.Throughput, 0.13)]
    public void Of_StaysWithinTheErrorsReached_OnPublishedPoints(string source, string split, PointMetric metric, double max)
    {
        MeasuredPoint[] points = [.. Repository.PointsFiles.SelectMany(PointsFile.Read).Where(point =>
            point.Source.StartsWith(source, StringComparison.Ordinal) && point.IsForCalibration == (split == "calibration"))];

        ErrorRow row = ValidationReport.Of(points).Errors()
            .Single(row => row.Group == "source" && row.Name == source && row.Split == split && row.Metric == metric);

        Assert.True(
            row.MeanAbsoluteRatio <= max,
            $"{row.MeanAbsoluteRatio:P1} over {row.Points} points, worst {row.WorstRatio:P1} ({row.WorstId})");
    }

    [Fact]
    public void Errors_GroupByWhatWasSimulated_AndStandBesideTheNoise()
    {
        MeasuredPoint point = Points.Point("a");
        ValidationReport report = ValidationReport.Of(
        [
            point, point with { Id = "b", Gpu = "H100_SXM", Precision = "bf16", Load = "concurrency 16" },
        ]) with
        {
            Repeats = [point, point with { Id = "again", TbtSeconds = point.TbtSeconds * Math.Exp(0.1) }],
        };

        ErrorRow[] rows = [.. report.Errors()];

        // Two spellings of one GPU and of 16 bits are one group each; the loads are two ranges.
        Assert.Equal(("H100-80GB-SXM", 2), NameAndPoints("gpu"));
        Assert.Equal(("bf16", 2), NameAndPoints("precision"));
        Assert.Equal(("1", 2), NameAndPoints("tensor_parallelism"));
        Assert.Equal(["2 to 8", "9 to 32"], rows.Where(row => row.Group == "batch").Select(row => row.Name));
        Assert.Equal([1, null], rows.Where(row => row.Group == "batch").Select(row => row.Noise?.Pairs));
        Assert.Equal(1, rows.Single(row => row.Group == "source").Noise!.Pairs);

        (string Name, int Points) NameAndPoints(string group)
        {
            ErrorRow row = rows.Single(row => row.Group == group);
            return (row.Name, row.Points);
        }
    }
}
