using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Tests.Fixtures;

/// <summary>A measured record as large as it is told, with numbers that follow from their index: the same bytes every time.</summary>
internal static class LargeRecord
{
    /// <summary>Power of each GPU (W), constant, so that energy has a closed form.</summary>
    internal const double WattsPerGpu = 400;

    private const double ReadingsPerSecond = 10;
    private static readonly RequestClassCuts Cuts = new();

    /// <summary>Writes one.</summary>
    /// <param name="folder">A new folder.</param>
    /// <param name="requests">Requests, spread evenly over the run.</param>
    /// <param name="seconds">Length of the run (s).</param>
    /// <param name="gpus">GPUs, each with an energy counter read ten times a second.</param>
    internal static string Write(string folder, int requests, double seconds, int gpus)
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder, Manifest(seconds, gpus));
        for (int id = 0; id < requests; id++)
        {
            double scheduled = seconds * id / requests;
            int input = 16 + (int)(id * 7919L % 4000);
            int output = 2 + (int)(id * 104_729L % 600);
            double first = scheduled + 0.05 + (input * 1e-4);
            double gap = 0.02 + (id % 10 * 1e-3);
            string requestClass = Cuts.Classify(input, output).Name;
            writer.Add(new RequestRecord(
                id, requestClass, scheduled, scheduled + 1e-4, first, first + ((output - 1) * gap),
                input, input, output, output, RequestStatus.Completed, null, string.Create(CultureInfo.InvariantCulture, $"cmpl-{id:x16}"))
            {
                TbtP99Seconds = gap * 1.2,
                TbtMaxSeconds = gap * 1.5,
            });
            writer.AddTokenGap(requestClass, gap, output - 1);
        }

        for (int reading = 0; reading <= seconds * ReadingsPerSecond; reading++)
        {
            double at = reading / ReadingsPerSecond;
            for (int gpu = 0; gpu < gpus; gpu++)
            {
                string meter = string.Create(CultureInfo.InvariantCulture, $"gpu{gpu}.energy");
                writer.Add(new PowerSample(meter, at, null, 1e6 + (WattsPerGpu * at)));
            }
        }

        writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid, DurationSeconds = seconds });
        return folder;
    }

    private static RunManifest Manifest(double seconds, int gpus) => new()
    {
        WorkloadName = "large",
        Workload = new JsonObject { ["name"] = "large" },
        WorkloadSha256 = new string('0', 64),
        Model = "llama-3.1-70b",
        Knobs = new Knobs { TensorParallelism = gpus },
        System = new ServingSystem { Gpu = "H200", GpuCount = gpus, Engine = "generated" },
        GpusUsed = gpus,
        Backend = BackendKind.OpenAI,
        Evidence = EvidenceKind.Measured,
        Environment = RunEnvironment.Virtual(),
        Seed = 1,
        DurationSeconds = seconds,
        WarmUpSeconds = 10,
        Verdict = RunVerdict.Interrupted,
        Baselines = new Baselines(100 * gpus, 150 * gpus, "generated"),
        Meters = [.. Enumerable.Range(0, gpus).Select(gpu => new MeterDescription
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"gpu{gpu}.energy"),
            Device = string.Create(CultureInfo.InvariantCulture, $"GPU {gpu}"),
            Scope = MeterScope.Gpu,
            Method = "generated counter",
            IsCounter = true,
            RefreshSeconds = 0.1,
            GainErrorRatio = 0.05,
        })],
    };
}
