using GreenServe.Records;
using GreenServe.Tests.Analysis.Comparison.Pages;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class CompareCommandTests : IDisposable
{
    private const string Experiment = """
        name: small
        purpose: a test
        source: this test
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11 }
        workload: fixed-512-128
        overrides: { workload.model: llama-2-7b, workload.duration_seconds: 30, workload.warm_up_seconds: 2 }
        repetitions: 5
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Compare_Passes_WhenNothingChanged()
    {
        await SweepAsync("before");
        await SweepAsync("after");

        CommandResult result = await CommandRunner.RunAsync("compare", folder.PathOf("before"), folder.PathOf("after"), "--gate");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compare_ExitsWithFailedAndSaysWhich_WhenTheCandidateIsSlower()
    {
        await SweepAsync("before");
        await SweepAsync("after", "--set", "gpu_clock_megahertz=510");

        CommandResult gated = await CommandRunner.RunAsync(
            "compare", folder.PathOf("before"), folder.PathOf("after"), "--gate", "--junit", folder.PathOf("junit.xml"));
        CommandResult shown = await CommandRunner.RunAsync("compare", folder.PathOf("before"), folder.PathOf("after"));

        Assert.Equal((ExitCode.Failed, ExitCode.Success), (gated.ExitCode, shown.ExitCode));
        Assert.Contains("WORSE", shown.Output, StringComparison.Ordinal);
        Assert.Contains("<failure", File.ReadAllText(folder.PathOf("junit.xml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_WritesAPage_AndComparesEachCandidateWithTheBaseline()
    {
        await SweepAsync("before");
        await SweepAsync("after");
        await SweepAsync("slow", "--set", "gpu_clock_megahertz=510");
        string[] sets = [folder.PathOf("before"), folder.PathOf("after"), folder.PathOf("slow")];

        CommandResult result = await CommandRunner.RunAsync(["compare", .. sets, "--out", folder.PathOf("page"), "--gate"]);
        CommandResult unfit = await CommandRunner.RunAsync(["compare", .. sets, "--markdown", folder.PathOf("c.md")]);

        // The gate holds back because one of the candidates is worse.
        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Error));
        Assert.Contains($"{sets[1]} against the baseline", result.Output, StringComparison.Ordinal);
        Assert.Contains("WORSE", result.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(folder.PathOf("page", "comparison.html"));
        Assert.Contains("What changed from before, the baseline, to after and slow?", page, StringComparison.Ordinal);
        Assert.Contains("knobs.gpu_clock_megahertz", page, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, unfit.ExitCode);
        Assert.Contains("--markdown: got 2 candidates, want one", unfit.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_RefusesAPage_WhereSetsHaveNoPointInCommon_OrAreNoRecords()
    {
        ComparedSets.Grid(1, 1000)[0].Write(folder.PathOf("a", "run"));
        ComparedSets.Grid(1, 1400)[0].Write(folder.PathOf("b", "run"));
        string history = folder.Write("history.jsonl", "");

        CommandResult apart = await CommandRunner.RunAsync(
            "compare", folder.PathOf("a"), folder.PathOf("b"), "--out", folder.PathOf("page"));
        CommandResult file = await CommandRunner.RunAsync("compare", history, folder.PathOf("b"), "--out", folder.PathOf("page"));

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (apart.ExitCode, file.ExitCode));
        Assert.Contains("want operating points of the baseline", apart.Error, StringComparison.Ordinal);
        Assert.Contains("want a folder with run records, as --out and several candidates need", file.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("page", "comparison.html")));
    }

    [Fact]
    public async Task Compare_Refuses_WhenAFolderHoldsNoRecord()
    {
        CommandResult result = await CommandRunner.RunAsync("compare", folder.Root, folder.PathOf("missing"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("want a folder with run records", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_TakesTheNewestLabel_WhenTheBaselineIsAHistory()
    {
        await SweepAsync("before");
        await SweepAsync("slower", "--set", "max_batch=1");
        string history = folder.PathOf("baseline.jsonl");
        await CommandRunner.RunAsync("history", "add", history, folder.PathOf("before"), "--label", "old");

        CommandResult same = await CommandRunner.RunAsync("compare", history, folder.PathOf("before"), "--gate");
        CommandResult unknown = await CommandRunner.RunAsync("compare", history, folder.PathOf("before"), "--label", "older");
        CommandResult other = await CommandRunner.RunAsync("compare", history, folder.PathOf("slower"));

        Assert.Equal((ExitCode.Success, ""), (same.ExitCode, same.Error));
        Assert.StartsWith("SAME: 0 worse", same.Output, StringComparison.Ordinal);
        Assert.Contains("--label: got older, want a label of", unknown.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Success, ""), (other.ExitCode, other.Error));
    }

    [Fact]
    public async Task Compare_SaysWhatDiffers_WhenTheWorkloadsDiffer()
    {
        await SweepAsync("before");
        string other = folder.Write(
            "other.experiment.yaml", Experiment.Replace("duration_seconds: 30", "duration_seconds: 40", StringComparison.Ordinal));
        await CommandRunner.RunAsync("sweep", other, "--out", folder.PathOf("after"));
        string history = folder.PathOf("baseline.jsonl");
        await CommandRunner.RunAsync("history", "add", history, folder.PathOf("before"), "--label", "old");

        CommandResult records = await CommandRunner.RunAsync("compare", folder.PathOf("before"), folder.PathOf("after"));
        CommandResult lines = await CommandRunner.RunAsync("compare", history, folder.PathOf("after"));

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (records.ExitCode, lines.ExitCode));
        Assert.Contains("$.workload.duration_seconds: got 40, want 30 as in the baseline", records.Error, StringComparison.Ordinal);
        Assert.Contains("want a series of the baseline", lines.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_NamesEveryThreshold_WhenSeveralAreWrong()
    {
        await SweepAsync("before");

        CommandResult result = await CommandRunner.RunAsync(
            "compare", folder.PathOf("before"), folder.PathOf("before"),
            "--threshold", "watts=1", "--threshold", "mean_watts=0", "--threshold", "mean_watts");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal(3, result.Error.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task Compare_CannotTell_WhenThereIsOneRepetition()
    {
        await SweepAsync("before", "--set", "gpu_clock_megahertz=1980");
        Directory.Move(Directory.GetDirectories(folder.PathOf("before"))[0], folder.PathOf("one"));
        await SweepAsync("after", "--set", "gpu_clock_megahertz=510");
        Directory.Move(Directory.GetDirectories(folder.PathOf("after"))[0], folder.PathOf("other"));

        CommandResult result = await CommandRunner.RunAsync("compare", folder.PathOf("one"), folder.PathOf("other"), "--gate");

        // A gate that can tell nothing has checked nothing.
        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("CANNOT TELL: 0 worse, 0 better, 0 same, 11 cannot tell", result.Output, StringComparison.Ordinal);
        Assert.Contains("one repetition has no spread", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task SweepAsync(string name, params string[] options)
    {
        CommandResult result = await CommandRunner.RunAsync(
            ["sweep", folder.Write("small.experiment.yaml", Experiment), "--out", folder.PathOf(name), .. options]);
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
    }
}
