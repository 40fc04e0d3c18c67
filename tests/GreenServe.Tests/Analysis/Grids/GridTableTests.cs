using System.Text.Json.Nodes;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class GridTableTests
{
    private static readonly SyntheticRun Point = new()
    {
        Artifact = "batch-size",
        Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = 1 },
    };

    [Fact]
    public void Of_GivesMeanAndInterval_WhenAPointIsRepeated()
    {
        ResultTable table = Table(
            [Point with { StepSeconds = 0.10, Seed = 1 }, Point with { StepSeconds = 0.12, Seed = 2, Repetition = 1 }]);

        // Two values 0.10 and 0.12: standard deviation 0.02 / sqrt(2), so the half width is 0.01 x t(1) with t(1) = tan(0.475 pi).
        Assert.Single(table.Rows);
        Assert.Equal(0.11, table.Number(0, "tpot_mean_seconds")!.Value, 1e-9);
        Assert.Equal(0.11 - (0.01 * Math.Tan(0.475 * Math.PI)), table.Number(0, "tpot_mean_seconds_low")!.Value, 1e-6);
        Assert.Equal(2, table.Number(0, "repetitions"));
        Assert.Equal("1 2", table.Text(0, "seeds"));
    }

    [Fact]
    public void Of_GivesEveryComparedMetricItsBand_WhenThePointIsSimulated()
    {
        ResultTable table = Table([Point with { ErrorBands = SyntheticRun.SomeBands }]);

        // Ends are factors of the mean: TTFT is 0.5 s, TPOT 0.1 s. E2E is 0.5 s and 1 s, each with its own band:
        // 0.5 x 0.6 + 1 x 0.9 and 0.5 x 2 + 1 x 1.2.
        Assert.Equal((0.3, 1.0), Band("ttft_mean_seconds"));
        Assert.Equal((0.09, 0.12), Band("tpot_p50_seconds"));
        Assert.Equal((1.2, 2.2), Band("e2e_mean_seconds"));
        double joules = table.Number(0, "joules_per_request")!.Value;
        Assert.Equal((Math.Round(0.7 * joules, 9), Math.Round(1.4 * joules, 9)), Band("joules_per_request"));
        Assert.Equal("power: no validation on this GPU", table.Text(0, "extrapolated"));
        Assert.Null(table.Find("ttft_p99_seconds_band_low"));

        (double Low, double High) Band(string metric) => (
            Math.Round(table.Number(0, $"{metric}_band_low")!.Value, 9), Math.Round(table.Number(0, $"{metric}_band_high")!.Value, 9));
    }

    [Fact]
    public void Of_HasNoBand_WhenThePointIsMeasuredOrItsRecordIsOld()
    {
        ResultTable table = Table([Point with { Evidence = EvidenceKind.Measured }, Point]);

        Assert.All(table.Rows, row => Assert.Null(row.Number(table.Find("ttft_mean_seconds_band_low")!)));
        Assert.All(table.Rows, row => Assert.Null(row.Text(table.Find("extrapolated")!)));
    }

    [Fact]
    public void Of_HasNoInterval_WhenAPointRanOnce()
    {
        ResultTable table = Table([Point]);

        Assert.NotNull(table.Number(0, "joules_per_request"));
        Assert.Null(table.Number(0, "joules_per_request_low"));
    }

    [Fact]
    public void Of_LeavesInvalidRunsOut_AndSaysWhy()
    {
        RunVerdict invalid = new([new VerdictReason(VerdictCode.ClientLag, "lag p99 0.5 s, limit 0.01 s")]);

        ResultTable table = Table([Point with { StepSeconds = 0.1 }, Point with { StepSeconds = 0.9, Verdict = invalid, Repetition = 1 }]);

        Assert.Equal(0.1, table.Number(0, "tpot_mean_seconds")!.Value, 1e-9);
        Assert.Equal(1, table.Number(0, "invalid_repetitions"));
        Assert.Equal("client-lag: lag p99 0.5 s, limit 0.01 s", table.Text(0, "invalid"));
    }

    [Fact]
    public void Of_CountsTheRequestsBehindTheLatencies_OfAllValidRunsTogether()
    {
        RunVerdict invalid = new([new VerdictReason(VerdictCode.ClientLag, "lag p99 0.5 s, limit 0.01 s")]);

        ResultTable table = Table(
        [
            Point with { Waves = 3 }, Point with { Waves = 5, Repetition = 1 }, Point with { Repetition = 2, Verdict = invalid },
        ]);

        // One user: its first request is warm-up, as the window opens with its first token. 2 + 4 requests are left in the valid runs.
        Assert.Equal(6, table.Number(0, "requests_measured"));
        Assert.Equal(3, table.Number(0, "requests_completed"));
    }

    [Fact]
    public void Of_CountsTheRunsWhoseLoadWasNotCarried_ApartFromOtherInvalidOnes()
    {
        RunVerdict late = new([new VerdictReason(VerdictCode.ClientLag, "lag p99 0.5 s, limit 0.01 s")]);
        RunVerdict overloaded = new([new VerdictReason(VerdictCode.Saturated, "the queue grew")]);

        ResultTable table = Table(
            [Point, Point with { Repetition = 1, Verdict = late }, Point with { Repetition = 2, Verdict = overloaded }]);

        Assert.Equal((1, 2), (table.Number(0, "overloaded_repetitions"), table.Number(0, "invalid_repetitions")));
    }

    [Fact]
    public void Of_KeepsTheEnergyOfEachValidRun_WithItsSeed()
    {
        RunVerdict invalid = new([new VerdictReason(VerdictCode.ClientLag, "lag p99 0.5 s, limit 0.01 s")]);

        ResultTable table = Table(
        [
            Point with { Seed = 8, Repetition = 1, PrefillWatts = 600, DecodeWatts = 600 },
            Point with { Seed = 7, PrefillWatts = 300, DecodeWatts = 300 },
            Point with { Seed = 9, Repetition = 2, Verdict = invalid },
        ]);

        // A request takes 0.5 s and ten steps of 0.1 s at 300 W, or at 600 W.
        Assert.Equal(
            new Dictionary<ulong, double> { [7] = 450, [8] = 900 },
            SeedValues.JoulesPerRequest.Of(table.Rows[0]).ToDictionary(one => one.Key, one => Math.Round(one.Value, 6)));
    }

    [Fact]
    public void Of_NeverMixesEvidence_InOneRow()
    {
        ResultTable table = Table([Point, Point with { Evidence = EvidenceKind.Measured, StepSeconds = 0.5 }]);

        Assert.Equal(["measured", "simulated"], table.Distinct("evidence"));
        Assert.Equal(0.5, table.Number(0, "tpot_mean_seconds")!.Value, 1e-9);
    }

    [Fact]
    public void Of_SaysWhatWasNotMeasured_WhenTheWorkloadHasNoSlo() => Assert.Contains(
        "slo_attainment, slo_goodput_requests_per_second, slo_worst_ratio, slo_feasible: the workload has no SLO",
        Table([Point]).Text(0, "not_measured"),
        StringComparison.Ordinal);

    [Fact]
    public void Of_HasEveryDeclaredColumn_WhateverTheRuns() =>
        Assert.Subset(Table([Point]).Columns.ToHashSet(), GridColumns.All.ToHashSet());

    [Fact]
    public void Of_ReadsAWantedAxisFromTheRuns_WhenNoExperimentVariesIt()
    {
        using TemporaryFolder folder = new();
        (Point with { Knobs = new Knobs { TensorParallelism = 4 } }).Write(folder.PathOf("run"));

        ResultTable table = GridTable.Of("test", ExperimentRun.ReadAll([folder.Root]), GridAxes.Batch, GridAxes.TensorParallelism);

        Assert.Equal((1.0, 4.0), (table.Number(0, "batch"), table.Number(0, "tensor_parallelism")));
    }

    [Fact]
    public void Of_Refuses_WhenRepetitionsHaveOtherKnobs()
    {
        SyntheticRun other = Point with { Repetition = 1, Knobs = Point.Knobs with { TensorParallelism = 4 } };

        Assert.Throws<InvalidInputException>(() => Table([Point, other]));
    }

    [Fact]
    public void Of_ReadsNumbers_WhenCasesAreNamedLikeThem()
    {
        SyntheticRun named = Point with { Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = "16" } };

        Assert.Equal(16, Table([named]).Number(0, "batch"));
    }

    [Fact]
    public void Of_OrdersLoads_LowMediumHigh()
    {
        SyntheticRun At(string load) => Point with { Coordinates = new Dictionary<string, JsonNode?> { ["load"] = load } };

        Assert.Equal(["low", "medium", "high"], Table([At("high"), At("low"), At("medium")]).Distinct("load"));
    }

    private static ResultTable Table(SyntheticRun[] runs)
    {
        using TemporaryFolder folder = new();
        foreach ((int index, SyntheticRun run) in runs.Index())
        {
            run.Write(folder.PathOf($"{index}"));
        }

        return GridTable.Of("test", ExperimentRun.ReadAll([folder.Root]));
    }
}
