using System.Diagnostics;
using System.IO.Compression;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>Runs the MSBuild pipeline on two small experiments, with the command that was built for the tests.</summary>
public sealed class PipelineTests : IDisposable
{
    private const string Experiment = """
        name: NAME
        purpose: a test
        source: this test
        artifact: NAME
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-2025 }
        workload: fixed-closed-loop
        overrides: { workload.model: llama-2-7b, workload.arrival.concurrency: 1, workload.requests: 4 }
        grid:
          - name: AXIS
            path: workload.lengths.SIDE.tokens
            values: [64, 128]
        """;

    private const string Measured = """
        name: cpu-input-length
        purpose: a test
        source: this test
        artifact: input-length
        backend: engine
        system: { gpu: cpu, gpu_count: 1, engine: greenserve }
        knobs: { precision: fp32, max_batch: 1, step_tokens: 64 }
        workload: fixed-closed-loop
        overrides: { workload.model: llama-15m, workload.arrival.concurrency: 1, workload.lengths.output.tokens: 4, workload.requests: 4 }
        grid:
          - name: input_tokens
            path: workload.lengths.input.tokens
            values: [16]
        """;

    private const string Claims = """
        claims:
          - id: more-costs-more
            statement: A longer answer takes more energy.
            source: this test
            source_read: read
            used_in_calibration: { used: false, why: it is a test }
            artifacts: [output-length]
            query: SELECT max(joules_per_request) / min(joules_per_request) FROM output_length
            bound: { relation: above, value: 1, unit: times }
            rationale: More tokens.
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Build_RunsWhatChanged_AndNothingElse()
    {
        WriteExperiment("input-length", "input_tokens", "input");
        WriteExperiment("output-length", "output_tokens", "output");
        folder.Write("experiments/measured-cpu/input-length.experiment.yaml", Measured);
        folder.Write("claims/test.yaml", Claims);

        Build();
        Dictionary<string, DateTime> first = Times();
        Build();
        Dictionary<string, DateTime> second = Times();
        File.AppendAllText(folder.PathOf("experiments", "input-length.experiment.yaml"), "repetitions: 2\n");
        Build();
        Dictionary<string, DateTime> third = Times();

        Assert.Contains("PASS", File.ReadAllText(folder.PathOf("output", "claims.csv")), StringComparison.Ordinal);
        Assert.Equal(first, second);
        Assert.NotEqual(first["artifacts/input-length.csv"], third["artifacts/input-length.csv"]);
        Assert.NotEqual(first["index.html"], third["index.html"]);
        Assert.Equal(first["artifacts/output-length.csv"], third["artifacts/output-length.csv"]);
        Assert.Equal(first["measured-cpu/records/input-length/input-tokens-16/run.json"], third["measured-cpu/records/input-length/input-tokens-16/run.json"]);
        Assert.NotEqual(first["measured-cpu/artifacts/input-length.csv"], third["measured-cpu/artifacts/input-length.csv"]);
        string[] kinds = [.. File.ReadLines(folder.PathOf("output", "measured-cpu", "artifacts", "input-length.csv")).Skip(1).Select(line => line.Split(',')[0])];
        Assert.Equal(["measured", "simulated", "simulated"], kinds);
        Assert.DoesNotContain("\nmeasured,", File.ReadAllText(folder.PathOf("output", "artifacts", "input-length.csv")), StringComparison.Ordinal);
        Assert.All(
            new[] { "artifacts/output-length.png", "artifacts/output-length.svg", "artifacts/input-length.png", "index.md", "index.html" },
            name => Assert.Contains(name, third.Keys));

        Freeze("output-length");
        folder.Write("measured/campaign/calibration-half.txt", "output-length/output-tokens-64\n");
        Build();
        string[] evidence = [.. File.ReadLines(folder.PathOf("output", "artifacts", "output-length.csv")).Skip(1).Select(line => line.Split(',')[0])];
        Assert.Equal(["measured", "measured", "simulated", "simulated"], evidence);
        Assert.Equal(third["artifacts/input-length.csv"], Times()["artifacts/input-length.csv"]);
        string errors = File.ReadAllText(folder.PathOf("output", "artifacts", "twin-errors.csv"));
        Assert.Contains("experiment,output-length,calibration,tbt,1,", errors, StringComparison.Ordinal);
        Assert.Contains("experiment,output-length,validation,tbt,1,", errors, StringComparison.Ordinal);

        // What is no longer frozen goes from the figures and the report, without any other change.
        File.Delete(folder.PathOf("measured", "campaign", "output-length.zip"));
        File.Delete(folder.PathOf("measured", "campaign", "calibration-half.txt"));
        Build();
        Assert.DoesNotContain("\nmeasured,", File.ReadAllText(folder.PathOf("output", "artifacts", "output-length.csv")), StringComparison.Ordinal);
        Assert.DoesNotContain(Times().Keys, name => name.Contains("twin-errors", StringComparison.Ordinal) || name.StartsWith("measured/campaign/", StringComparison.Ordinal));
        Assert.DoesNotContain("twin-errors", File.ReadAllText(folder.PathOf("output", "index.md")), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Puts simulated records into the archive of a campaign, as if a meter had read them.</summary>
    private void Freeze(string name)
    {
        string copy = folder.PathOf("frozen");
        foreach (string file in Directory.GetFiles(folder.PathOf("output", "records", name), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(folder.PathOf("output", "records", name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, File.ReadAllText(file).Replace("\"evidence\": \"simulated\"", "\"evidence\": \"measured\"", StringComparison.Ordinal));
        }

        Directory.CreateDirectory(folder.PathOf("measured", "campaign"));
        ZipFile.CreateFromDirectory(copy, folder.PathOf("measured", "campaign", $"{name}.zip"));
    }

    private void WriteExperiment(string name, string axis, string side) => folder.Write(
        $"experiments/{name}.experiment.yaml",
        Experiment.Replace("NAME", name, StringComparison.Ordinal).Replace("AXIS", axis, StringComparison.Ordinal).Replace("SIDE", side, StringComparison.Ordinal) + "\n");

    private void Build()
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "msbuild",
                Repository.PathOf("paper-artifacts", "paper-artifacts.proj"),
                "-nodeReuse:false",
                "-p:BuildsTool=false",
                $"-p:ToolFolder={AppContext.BaseDirectory}",
                $"-p:ExperimentsFolder={folder.PathOf("experiments")}/",
                $"-p:ClaimsFolder={folder.PathOf("claims")}/",
                $"-p:MeasuredFolder={folder.PathOf("measured")}/",
                $"-p:OutputFolder={folder.PathOf("output")}/",
            },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }

    private Dictionary<string, DateTime> Times() => Directory.GetFiles(folder.PathOf("output"), "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder.PathOf("output"), path).Replace('\\', '/'), File.GetLastWriteTimeUtc);
}
