using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Workloads;
using GreenServe.Workloads.Traces;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>
/// Writes experiments whose cases are the finalists of an advice, so that <c>greenserve sweep</c> measures them, or simulates them again.
/// </summary>
/// <remarks>
/// Finalists of one instance that differ in their knobs alone share an experiment, whose server is started for each of them. A finalist of
/// several instances has an experiment of its own, and a file of its cluster beside it for the simulator.
/// </remarks>
public static class FinalistExperiment
{
    private const int Repetitions = 3;

    /// <summary>Writes the experiments.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="folder">The folder that gets the files. Earlier ones are replaced.</param>
    /// <param name="workloadFolder">Folder that relative paths in the workload start from; <c>null</c> for the current one.</param>
    /// <returns>The experiments, that of the recommended setting first; empty where the advice has no finalist.</returns>
    /// <exception cref="InvalidInputException">The document holds no valid workload, or a file cannot be written.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static IReadOnlyList<FinalistExperimentFile> Write(AdviceDocument advice, string folder, string? workloadFolder = null)
    {
        Workload workload = WithFullPaths(AdvisedWorkload.Of(advice, workloadFolder));
        AdvisedSetting[][] groups =
            [.. advice.Finalists.Index().GroupBy(GroupOf).Select(group => group.Select(item => item.Item).ToArray())];
        OutputFolder.Create(folder);
        return [.. groups.Select((group, index) => Write(group, index, workload, folder))];
    }

    /// <summary>What finalists of one experiment have in common. A finalist of several instances stands alone.</summary>
    private static (int Alone, string Gpu, string Engine, string Model, bool? CachesPrefixes) GroupOf(
        (int Index, AdvisedSetting Item) finalist) => finalist.Item.Setting is { Replicas: 1, PrefillReplicas: 0 } one
        ? (-1, one.Gpu, one.Engine, one.Model, one.CachesPrefixes)
        : (finalist.Index, "", "", "", null);

    private static FinalistExperimentFile Write(AdvisedSetting[] group, int index, Workload workload, string folder)
    {
        string name = index == 0 ? "finalists" : string.Create(CultureInfo.InvariantCulture, $"finalists-{index + 1}");
        string path = Path.Combine(folder, $"{name}.experiment.yaml");
        ServingSetting first = group[0].Setting;
        string engine = EngineOf(first, Path.Combine(folder, $"{name}.engine.yaml"));
        string? cluster = first is { Replicas: 1, PrefillReplicas: 0 } ? null : Path.Combine(folder, $"{name}.cluster.yaml");
        OutputFile.Replace(path, YamlText.Of(DocumentOf(name, group, workload, engine), CommentsOf(group, path, cluster)));
        if (cluster is not null)
        {
            OutputFile.Replace(cluster, YamlText.Of(ClusterOf(first, engine), [$"{group[0].Words}, for the simulator"]));
        }

        return new FinalistExperimentFile(path, cluster, [.. group.Select(finalist => finalist.Setting)]);
    }

    private static JsonObject DocumentOf(string name, AdvisedSetting[] group, Workload workload, string engine)
    {
        ServingSetting first = group[0].Setting;
        JsonObject[] knobs = [.. group.Select(finalist => KnobsOf(finalist.Setting.Knobs))];
        string[] varied =
        [
            .. knobs.SelectMany(one => one.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal)
                .Where(knob => knobs.Select(one => one[knob]?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() > 1),
        ];
        JsonObject common = [];
        foreach ((string knob, JsonNode? value) in knobs[0].Where(pair => !varied.Contains(pair.Key)))
        {
            common[knob] = value!.DeepClone();
        }

        JsonObject document = new()
        {
            ["name"] = name,
            ["purpose"] = $"Measure the finalists of the advice for {workload.Name}",
            ["source"] = "greenserve advise: the settings are those of the advice, and nothing is measured yet",
            ["system"] = new JsonObject
            {
                ["gpu"] = FullPath(first.Gpu),
                ["gpu_count"] = group.Max(finalist => finalist.Setting.GpusOfInstance),
                ["engine"] = engine,
            },
            ["knobs"] = common,
            ["workload"] = DocumentContract.ToNode(workload with { Model = FullPath(first.Model, workload.Folder) }),
            ["repetitions"] = Repetitions,
        };
        if (varied.Length > 0)
        {
            document["grid"] = new JsonArray(new JsonObject { ["name"] = "finalist", ["cases"] = CasesOf(group, knobs, varied) });
        }

        return document;
    }

    private static JsonObject CasesOf(AdvisedSetting[] group, JsonObject[] knobs, string[] varied)
    {
        JsonObject cases = [];
        foreach ((AdvisedSetting finalist, JsonObject own) in group.Zip(knobs))
        {
            JsonObject values = [];
            foreach (string knob in varied.Where(own.ContainsKey))
            {
                values[$"knobs.{knob}"] = own[knob]!.DeepClone();
            }

            // A slash would divide the name among several axes.
            string name = ShownText.OneLine(finalist.Words).Replace('/', '-');
            cases[cases.ContainsKey(name) ? string.Create(CultureInfo.InvariantCulture, $"{name} ({cases.Count + 1})") : name] = values;
        }

        return cases;
    }

    /// <summary>The knobs that have a value.</summary>
    private static JsonObject KnobsOf(Knobs knobs)
    {
        JsonObject stated = [];
        foreach ((string name, JsonNode? value) in DocumentContract.ToNode(knobs)!.AsObject().Where(pair => pair.Value is not null))
        {
            stated[name] = value!.DeepClone();
        }

        return stated;
    }

    private static JsonObject ClusterOf(ServingSetting setting, string engine)
    {
        JsonObject Group(int count, string role) => new()
        {
            ["count"] = count,
            ["gpu"] = FullPath(setting.Gpu),
            ["gpu_count"] = setting.GpusOfInstance,
            ["engine"] = engine,
            ["role"] = role,
            ["knobs"] = KnobsOf(setting.Knobs),
        };
        return new JsonObject
        {
            ["replicas"] = setting.PrefillReplicas > 0
                ? new JsonArray(Group(setting.PrefillReplicas, "prefill"), Group(setting.Replicas, "decode"))
                : new JsonArray(Group(setting.Replicas, "whole")),
        };
    }

    private static IReadOnlyList<string> CommentsOf(AdvisedSetting[] group, string path, string? cluster)
    {
        ServingSetting first = group[0].Setting;
        string file = ShellText.Word(Path.GetFileName(path));
        string device = group.Any(finalist => finalist.Setting.Knobs is not { GpuClockMegahertz: null, PowerCapWatts: null })
            ? " --allow-device-changes"
            : "";
        string caches = first.CachesPrefixes is { } state
            ? $", caches_prefixes: {(state ? "true" : "false")}"
            : "";
        return cluster is null
            ?
            [
                "The finalists of an advice that run on one instance. The server is started for each of them.",
                $"To measure them: greenserve sweep {file} --server SERVER.yaml{device} --out DIR",
                $"SERVER.yaml holds, for example: {{ preset: vllm, model: NAME-ON-HUGGING-FACE{caches} }}",
                $"To simulate them: greenserve sweep {file} --out DIR",
            ]
            :
            [
                $"A finalist of an advice with several instances: {group[0].Words}",
                "To measure it, start its instances with the commands of the advice, and give the address of each or of their router:",
                $"  greenserve sweep {file} --endpoint URL --endpoint URL{device} --out DIR",
                $"To simulate it: greenserve sweep {file} --cluster {ShellText.Word(Path.GetFileName(cluster))} --out DIR",
            ];
    }

    /// <summary>The engine of a setting. One that caches prefixes in another way than its profile does is written into a file.</summary>
    private static string EngineOf(ServingSetting setting, string path)
    {
        EngineProfile profile = EngineCatalog.Find(setting.Engine);
        if (setting.CachesPrefixes is not { } caches || caches == profile.CachesPrefixes)
        {
            return FullPath(setting.Engine);
        }

        EngineProfile changed = profile with { CachesPrefixes = caches };
        OutputFile.Replace(path, YamlText.Of(DocumentContract.ToNode(changed)!, [$"{profile.Name} with another cache of prefixes"]));
        return Path.GetFullPath(path);
    }

    /// <summary>A workload whose trace and dataset are found from any folder.</summary>
    private static Workload WithFullPaths(Workload workload) => workload with
    {
        Trace = workload.Trace is { } trace ? trace with { File = Path.GetFullPath(TraceFile.Locate(trace, workload.Folder)) } : null,
        Dataset = workload.Dataset is { } dataset
            ? dataset with { File = FullPath(dataset.File, workload.Folder), Tokenizer = FullPath(dataset.Tokenizer, workload.Folder) }
            : null,
    };

    /// <summary>A name as it is, and a path from the root, since the file may lie in another folder.</summary>
    [return: NotNullIfNotNull(nameof(nameOrPath))]
    private static string? FullPath(string? nameOrPath, string? folder = null) =>
        nameOrPath is not null && Path.Combine(folder ?? "", nameOrPath) is var path && File.Exists(path)
            ? Path.GetFullPath(path)
            : nameOrPath;
}

/// <summary>An experiment that holds finalists of an advice.</summary>
/// <param name="Path">Path of the experiment (<c>*.experiment.yaml</c>).</param>
/// <param name="ClusterPath">Path of the cluster to simulate it with; <c>null</c> for finalists of one instance.</param>
/// <param name="Settings">The settings of its cases.</param>
public sealed record FinalistExperimentFile(string Path, string? ClusterPath, IReadOnlyList<ServingSetting> Settings);
