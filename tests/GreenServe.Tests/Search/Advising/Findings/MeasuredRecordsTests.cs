using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Search.Advising.Findings;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Search.Advising.Findings;

public sealed class MeasuredRecordsTests
{
    private static readonly SyntheticRun Plain = new() { Model = "llama-2-7b", Evidence = EvidenceKind.Measured };

    private static readonly SloProfile OneMillisecond = new()
    {
        Name = "strict",
        Source = "test",
        Limits = [new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 0.001 }],
    };

    [Fact]
    public void Read_GroupsTheRunsOfASetting_AndHoldsThemAgainstTheSloOfTheAdvice()
    {
        using TemporaryFolder folder = new();
        string[] runs =
        [
            Write(folder, "a", Plain), Write(folder, "b", Plain with { Seed = 2 }),
            Write(folder, "c", Plain with { Knobs = Plain.Knobs with { TensorParallelism = 2 } }),
        ];

        MeasuredSettings measured = Reader(OneMillisecond).Read(runs);

        Assert.Equal([2, 1], measured.Settings.Select(setting => setting.Runs.Count));
        Assert.Equal([1, 2], measured.Settings.Select(setting => setting.Setting.Gpus));
        Assert.All(measured.Settings, setting => Assert.False(setting.Runs[0].Slo!.IsFeasible));
        Assert.Empty(measured.Notes);
    }

    [Fact]
    public void Read_CountsWhatItDoesNotUse_WithTheReason()
    {
        using TemporaryFolder folder = new();
        RunVerdict verdict = new([new VerdictReason(VerdictCode.HostBusy, "the host was busy")]);
        string[] runs =
        [
            Write(folder, "a", Plain with { Evidence = EvidenceKind.Simulated }),
            Write(folder, "b", Plain with { Model = "llama-2-70b" }), Write(folder, "c", Plain with { Gpu = "H200" }),
            Write(folder, "d", Plain with { Verdict = verdict }), Write(folder, "e", Plain with { Verdict = verdict, Seed = 2 }),
            Write(folder, "f", Plain, engine: "sglang-0.5"),
        ];

        MeasuredSettings measured = Reader(slo: null).Read(runs);

        Assert.Empty(measured.Settings);
        Assert.Equal(
            [
                "1 record was not used: simulated.", "1 record was not used: another model (llama-2-70b).",
                "1 record was not used: another GPU (H200).", "2 records were not used: INVALID.",
                "1 record was not used: another engine (sglang-0.5).",
            ],
            measured.Notes);
    }

    private static MeasuredRecords Reader(SloProfile? slo) => new(
        (Plain with { Slo = slo }).Manifest, AdviceEvidence.SystemsOf(AdviceCase.Space), AdviceCase.SystemOf);

    private static string Write(TemporaryFolder folder, string name, SyntheticRun run, string engine = "vllm-0.11")
    {
        string written = run.Write(folder.PathOf(name));
        string manifest = Path.Combine(written, RunFiles.Manifest);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("synthetic-engine", engine, StringComparison.Ordinal));
        return written;
    }
}
