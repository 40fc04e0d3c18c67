using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Advise;

public sealed class AdviseCommandTests : IDisposable
{
    private static readonly string Workload = SmallWorkload.OfTheServer
        .Replace("model: simulated", "model: llama-2-7b", StringComparison.Ordinal);

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Advise_WritesTheAdviceWithItsPageAndExperiment_WhenSettingsMeetTheSlo()
    {
        string file = folder.Write("w.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--gpus", "2", "--slo", "ttft_p99=400ms,tbt_p99=100ms", "--repetitions", "2", "--no-capacity", "--quiet",
            "--knobs", "others=default", "tensor_parallelism=1,2", "gpu_clock_megahertz=1005,1980", "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        AdviceDocument advice = AdviceDocument.Read(folder.PathOf("out", AdviceDocument.FileName));

        // Two degrees and two clocks are four settings, few enough to simulate each of them. At a low load the lower clock uses less.
        Assert.Equal((4, 4, true), (advice.Search.Settings, advice.Search.Simulated, advice.Search.IsExact));
        AdvisedSetting best = advice.Finalists[0];
        Assert.Equal((1, 1005), (best.Setting.Knobs.TensorParallelism ?? 1, best.Setting.Knobs.GpuClockMegahertz));
        Assert.True(best.MeetsSlo);
        Assert.True(best.Requests >= 1000, $"{best.Requests} requests");
        Assert.All(advice.Finalists, setting => Assert.Equal(EvidenceKind.Simulated, setting.Evidence));
        Assert.Contains(best.Words, result.Output, StringComparison.Ordinal);
        Assert.Contains("nvidia-smi -i 0 -lgc 1005,1005", result.Output, StringComparison.Ordinal);
        Assert.Contains("# The server listens on this host alone.", result.Output, StringComparison.Ordinal);
        Assert.All(
            new[] { "advice.html", "advice.md", "finalists.experiment.yaml" },
            name => Assert.True(File.Exists(folder.PathOf("out", name)), name));
    }

    [Fact]
    public async Task Advise_NamesTheNearestSetting_WhenNothingMeetsTheSlo()
    {
        string file = folder.Write("w.workload.yaml", Workload);

        // No prompt is processed within a microsecond.
        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--gpus", "1", "--slo", "ttft_p99=0.001ms", "--repetitions", "2", "--quiet",
            "--knobs", "others=default", "gpu_clock_megahertz=1005,1980", "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        AdviceDocument advice = AdviceDocument.Read(folder.PathOf("out", AdviceDocument.FileName));
        Assert.Empty(advice.Finalists);

        // The highest clock is the fastest.
        Assert.Equal(1980, advice.Nearest!.Setting.Knobs.GpuClockMegahertz ?? 1980);
        Assert.Contains("no setting that was tried meets the SLO", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_NamesEveryMistakeAtOnce_WhenOptionsAreWrong()
    {
        string file = folder.Write("w.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--gpu", "TPU-v5", "--twin", "vllm-0.12", "--engine", "vllm-0.11", "--objective", "carbon", "--currency", "EUR",
            "--knobs", "clok=1", "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("--engine: got also --twin, want one of them", result.Error, StringComparison.Ordinal);
        Assert.Contains("'TPU-v5'", result.Error, StringComparison.Ordinal);
        Assert.Contains("greenserve calibrate fits one", result.Error, StringComparison.Ordinal);
        Assert.Contains("--objective: got carbon, want --grid with it", result.Error, StringComparison.Ordinal);
        Assert.Contains("--knobs: got 'clok', want one of", result.Error, StringComparison.Ordinal);
        Assert.Contains("--currency: got it without --gpu-hour-price", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Theory]
    [InlineData("--gpus", "0", "--gpus: got 0, want a whole number in [1, 1024]")]
    [InlineData("--knobs", "clok=1", "clok")]
    [InlineData("--knobs", "max_batch=0", "max_batch")]
    [InlineData("--repetitions", "1", "--repetitions: got 1, want a whole number in [2, 99]")]
    [InlineData("--slo", "ttft=soon", "'ttft=soon'")]
    public async Task Advise_NamesTheOption_WhenItsValueIsNotAllowed(string option, string value, string expected)
    {
        string file = folder.Write("w.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync("advise", file, option, value, "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Advise_RefusesRecordsThatAreNotThere_BeforeItSearches()
    {
        string file = folder.Write("w.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--records", folder.PathOf("nothing"), "--knobs", "clok=1", "--out", folder.PathOf("out"));

        // Both mistakes at once: nothing was simulated.
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("records: got nothing", result.Error, StringComparison.Ordinal);
        Assert.Contains("'clok'", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Advise_RefusesANameOfATwinWithAFolder_BeforeItSearches()
    {
        string file = folder.Write("w.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--verify", "http://127.0.0.1:1", "--recalibrate", "a/b", "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("--recalibrate: got a/b, want a name without a folder", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Advise_SaysByHowMuchNothingFits_WhenTheModelIsTooLarge()
    {
        string file = folder.Write("w.workload.yaml", Workload.Replace("llama-2-7b", "falcon-180b", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--gpus", "1", "--slo", "ttft_p99=400ms", "--knobs", "precision=bf16", "--out", folder.PathOf("out"));

        // 180 billion weights of 2 bytes are 360 GB, on 80 GB of which 90 % count.
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Matches(@"falcon-180b lacks 2\d\d\.\d GB", result.Error);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Advise_ReadsTheTraceBesideTheWorkload_AndWarnsThatItIsTooShort()
    {
        IEnumerable<string> requests = Enumerable.Range(0, 120).Select(second => $"{second},100,20");
        folder.Write("t.csv", $"arrival_seconds,input_tokens,output_tokens\n{string.Join('\n', requests)}\n");
        string file = folder.Write("w.workload.yaml", """
            name: short-trace
            purpose: "test"
            source: "none: made up"
            model: llama-2-7b
            arrival: { kind: trace }
            lengths: { kind: trace }
            trace: { file: t.csv }
            seed: 1
            """);

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--gpus", "1", "--slo", "ttft_p99=400ms", "--repetitions", "2", "--no-capacity", "--quiet",
            "--knobs", "others=default", "gpu_clock_megahertz=1005,1980", "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        AdviceDocument advice = AdviceDocument.Read(folder.PathOf("out", AdviceDocument.FileName));
        Assert.Contains(advice.Warnings, warning => warning.StartsWith("The trace is too short for its tails", StringComparison.Ordinal));

        // The longest request has 100 + 20 tokens. The context is the next multiple of 1024.
        Assert.Contains(advice.Commands[0].Notes, note => note.StartsWith("The context of 1024 tokens", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Advise_CountsTheRequestsOfATraceOnce_WhenEverySeedHasTheSame()
    {
        string lines = string.Concat(Enumerable.Range(0, 40).Select(number => $"{number},100,20\n"));
        string trace = folder.Write("t.csv", "arrival_seconds,input_tokens,output_tokens\n" + lines);

        CommandResult result = await CommandRunner.RunAsync(
            "advise", trace, "--model", "llama-2-7b", "--gpus", "1", "--slo", "ttft_p99=400ms", "--no-capacity", "--quiet",
            "--knobs", "others=default", "gpu_clock_megahertz=1005,1980", "--out", folder.PathOf("out"));

        // Forty requests are in one run and in five. There is no spread between runs of the same requests.
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        AdvisedSetting best = AdviceDocument.Read(folder.PathOf("out", AdviceDocument.FileName)).Finalists[0];
        Assert.Equal((1, 40, (double?)null), (best.Runs, best.Requests, best.LowJoulesPerOutputToken));
        string spaced = result.Output.ReplaceLineEndings(" ");
        Assert.Contains("too short for its tails", spaced, StringComparison.Ordinal);
        Assert.Contains("same requests whatever the seed", spaced, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_SearchesForUsers_WhenTheyReplaceArrivalsThatEndByTime()
    {
        string file = folder.Write("w.workload.yaml", Workload.Replace("requests: 20", "duration_seconds: 20", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "advise", file, "--concurrency", "4", "--gpus", "1", "--slo", "ttft_p99=400ms", "--no-capacity", "--quiet",
            "--repetitions", "2", "--knobs", "others=default", "gpu_clock_megahertz=1005,1980", "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));

        // All requests have one length, so that a loop of users has the same ones whatever the seed: one run stands behind each number.
        AdviceDocument advice = AdviceDocument.Read(folder.PathOf("out", AdviceDocument.FileName));
        Assert.InRange(advice.Finalists[0].Requests, 1000, 1999);
        Assert.Contains(advice.Warnings, warning => warning.Contains("same requests whatever the seed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Advise_AsksForAModel_WhenATraceIsGiven()
    {
        string trace = folder.Write("t.csv", "arrival_seconds,input_tokens,output_tokens\n0,100,20\n1,100,20\n");

        CommandResult result = await CommandRunner.RunAsync("advise", trace, "--slo", "ttft_p99=400ms", "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            "--model: got nothing, want the model that serves the requests of the trace", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
