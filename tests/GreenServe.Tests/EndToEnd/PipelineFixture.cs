using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>What the pipeline makes of two small experiments, built once; each test goes on with a copy.</summary>
public sealed class PipelineFixture : IDisposable
{
    private const string Experiment = """
        name: NAME
        purpose: a test
        source: this test
        artifact: NAME
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11 }
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

    private readonly Lazy<PipelineFolder> built;
    private readonly Lazy<PipelineFolder> withArchive;

    public PipelineFixture()
    {
        built = new(Build);
        withArchive = new(BuildWithArchive);
    }

    /// <summary>The pipeline's first output.</summary>
    internal PipelineFolder Built => built.Value;

    /// <summary>The output after the runs of output-length were archived as a campaign, one of its two points listed as fitted.</summary>
    internal PipelineFolder WithArchive => withArchive.Value;

    public void Dispose()
    {
        foreach (Lazy<PipelineFolder> folder in new[] { built, withArchive }.Where(folder => folder.IsValueCreated))
        {
            folder.Value.Dispose();
        }
    }

    private static PipelineFolder Build()
    {
        PipelineFolder folder = new();
        WriteExperiment(folder, "input-length", "input_tokens", "input");
        WriteExperiment(folder, "output-length", "output_tokens", "output");
        folder.Write("experiments/measured-cpu/input-length.experiment.yaml", Measured);
        folder.Write("claims/test.yaml", Claims);
        folder.Write("points/few.csv", string.Concat(File.ReadLines(Repository.PointsFiles[0]).Take(4).Select(line => line + "\n")));
        folder.Build();
        return folder;
    }

    private PipelineFolder BuildWithArchive()
    {
        PipelineFolder folder = Built.Copy();
        folder.Archive("campaign", "output-length");
        folder.Write("measured/campaign/calibration-half.txt", "output-length/output-tokens-64\n");
        folder.Build();
        return folder;
    }

    private static void WriteExperiment(PipelineFolder folder, string name, string axis, string side) => folder.Write(
        $"experiments/{name}.experiment.yaml",
        Experiment.Replace("NAME", name, StringComparison.Ordinal).Replace("AXIS", axis, StringComparison.Ordinal)
            .Replace("SIDE", side, StringComparison.Ordinal) + "\n");
}
