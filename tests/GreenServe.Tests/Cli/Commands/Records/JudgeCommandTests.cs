using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class JudgeCommandTests
{
    [SkippableFact]
    public async Task Judge_KeepsEachRecordOnALineOfItsOwn_WhenAFolderIsNamedLikeAVerdict()
    {
        Skip.If(OperatingSystem.IsWindows(), "its folders have no line feed in their name");
        using TemporaryFolder folder = new();
        string workload = folder.Write(
            "small.workload.yaml",
            """
            name: small
            purpose: a test
            source: this test
            model: llama-2-7b
            slo: dynamollm
            arrival: { kind: poisson, requests_per_second: 4 }
            lengths:
              kind: independent
              input: { kind: fixed, tokens: 200 }
              output: { kind: fixed, tokens: 10 }
            requests: 10
            """);
        await CommandRunner.RunAsync("run", workload, "--set", "tensor_parallelism=1", "--out", folder.PathOf("run"));
        string named = folder.PathOf("first: VALID\nsecond");
        Directory.CreateDirectory(named);
        foreach (string file in Directory.GetFiles(folder.PathOf("run")))
        {
            File.Copy(file, Path.Combine(named, Path.GetFileName(file)));
        }

        CommandResult result = await CommandRunner.RunAsync("judge", named);

        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"{folder.PathOf("first: VALID\\nsecond")}: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1 records, ", lines[1], StringComparison.Ordinal);
    }
}
