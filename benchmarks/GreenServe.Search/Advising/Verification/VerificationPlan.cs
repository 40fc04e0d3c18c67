using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Serving.Servers;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Search.Advising.Verification;

/// <summary>A finalist that can be measured.</summary>
/// <param name="Rank">Its place in the advice, from 1.</param>
/// <param name="Predicted">The finalist as the advice predicts it.</param>
/// <param name="Options">What runs it: the options of the user, with a server that is started for its knobs.</param>
internal sealed record VerificationCandidate(int Rank, AdvisedSetting Predicted, PointRunnerOptions Options)
{
    /// <summary>Name of the folder of its records.</summary>
    internal string Name => string.Create(CultureInfo.InvariantCulture, $"finalist-{Rank}");
}

/// <summary>Which finalists can be measured on a server, and why others cannot.</summary>
/// <param name="options">What runs the points, as the user chose it.</param>
/// <param name="workload">The workload of the advice.</param>
internal sealed class VerificationPlan(PointRunnerOptions options, Workload workload)
{
    private readonly List<VerificationCandidate> candidates = [];
    private readonly List<string> refused = [];

    /// <summary>The finalists that can be measured, in the order of the advice.</summary>
    internal IReadOnlyList<VerificationCandidate> Candidates => candidates;

    /// <summary>The others, each with the reason.</summary>
    internal IReadOnlyList<string> Refused => refused;

    private bool StartsServer => options.Backend == BackendKind.OpenAI && options.Server is not null;

    /// <summary>Sorts the finalists of an advice. Nothing is started.</summary>
    internal async Task SortAsync(AdviceDocument advice)
    {
        foreach ((int index, AdvisedSetting finalist) in advice.Finalists.Index())
        {
            ServingSetting setting = finalist.Setting;
            PointRunnerOptions own = OptionsFor(setting);
            string? reason = ReasonAgainst(setting, advice.Finalists[0].Setting);
            if (reason is null)
            {
                await using IPointRunner runner = PointRunner.Open(own);
                IReadOnlyList<Problem> problems = runner.Check(PointOf(new VerificationCandidate(index + 1, finalist, own), repetition: 0));
                reason = problems.Count == 0 ? null : string.Join("; ", problems);
            }

            if (reason is null)
            {
                candidates.Add(new VerificationCandidate(index + 1, finalist, own));
            }
            else
            {
                refused.Add($"{finalist.Words}: {reason}");
            }
        }
    }

    /// <summary>The point of a repetition of a finalist.</summary>
    internal OperatingPoint PointOf(VerificationCandidate candidate, int repetition)
    {
        ServingSetting setting = candidate.Predicted.Setting;
        Dictionary<string, JsonNode?> coordinates = new() { ["finalist"] = candidate.Predicted.Words };
        return new OperatingPoint
        {
            Workload = workload with { Model = setting.Model },
            Knobs = setting.Knobs,
            System = new ServingSystem { Gpu = setting.Gpu, GpuCount = setting.GpusOfInstance, Engine = setting.Engine },
            Repetition = repetition,
            Coordinates = coordinates,
            Id = string.Create(CultureInfo.InvariantCulture, $"{candidate.Name}_r{repetition}"),
            Place = new ExperimentPoint { Experiment = "verify", Coordinates = coordinates, Repetition = repetition },
        };
    }

    /// <summary>
    /// The options of a finalist: a server that is started gets its cache of prefixes, and the meters are those of the accelerators that it
    /// uses, the first ones that it sees.
    /// </summary>
    private PointRunnerOptions OptionsFor(ServingSetting setting)
    {
        if (!StartsServer)
        {
            return options;
        }

        ServerDefinition server = options.Server!;
        MeterOptions meters = options.Measurement.Policy.Meters
            ?? new MeterOptions { Gpus = server.Environment.GetValueOrDefault("CUDA_VISIBLE_DEVICES") ?? "cuda" };
        return options with
        {
            Server = server with { CachesPrefixes = setting.CachesPrefixes ?? server.CachesPrefixes },
            Measurement = options.Measurement with
            {
                Policy = options.Measurement.Policy with { Meters = meters with { GpuLimit = meters.GpuLimit ?? setting.GpusOfInstance } },
            },
        };
    }

    /// <summary>Why a finalist cannot be measured, besides what the runner finds; <c>null</c> if it can.</summary>
    /// <param name="setting">The setting of the finalist.</param>
    /// <param name="recommended">The recommended setting, which a running server is taken to have.</param>
    private string? ReasonAgainst(ServingSetting setting, ServingSetting recommended)
    {
        if (setting.Gpu != recommended.Gpu)
        {
            return $"it needs {setting.Gpu}, and the server is taken to have the {recommended.Gpu} of the recommended setting";
        }

        if (StartsServer)
        {
            return setting switch
            {
                { Replicas: > 1 } or { PrefillReplicas: > 0 } =>
                    "it has several instances, and --server starts one: start them, and give their addresses with --endpoint",
                _ when setting.Model != recommended.Model && options.Server!.Model is { } model =>
                    $"it serves {setting.Model}, and the server's file names {model}",
                { CachesPrefixes: true } when options.Server!.Preset == ServerPreset.LlamaCpp =>
                    "requests to llama-server turn its cache of prefixes off",
                _ => null,
            };
        }

        return options.Backend == BackendKind.OpenAI ? ReasonOfRunning(setting, recommended) : ReasonOfEngine(setting);
    }

    private static string? ReasonOfEngine(ServingSetting setting) => setting is { Replicas: 1, PrefillReplicas: 0 }
        ? setting.CachesPrefixes == true ? "the built-in engine has no cache of prefixes" : null
        : "it has several instances, and the built-in engine is one";

    private string? ReasonOfRunning(ServingSetting setting, ServingSetting recommended)
    {
        // A clock and a power cap are the GPU's and not the server's.
        Knobs knobs = recommended.Knobs with
        {
            GpuClockMegahertz = setting.Knobs.GpuClockMegahertz,
            PowerCapWatts = setting.Knobs.PowerCapWatts,
        };
        if (setting != recommended with { Knobs = knobs })
        {
            return "a running server keeps its settings, which are taken to be those of the recommended one: give --server FILE, or "
                + "restart it and measure again";
        }

        int addresses = 1 + (options.Connection?.FurtherEndpoints.Count ?? 0);
        int wanted = setting.PrefillReplicas > 0 ? 1 : setting.Replicas;
        return addresses == 1 || addresses == wanted
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"it has {setting.Replicas} instances behind a router or with an address each, and {addresses} addresses were given");
    }
}
