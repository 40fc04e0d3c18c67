using System.Globalization;
using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>What to copy in order to serve with a setting: commands of servers, lines for the GPUs, and a Kubernetes fragment.</summary>
public static class DeploymentCommands
{
    /// <summary>A context is rounded up to a multiple of this (tokens), which leaves room for the tokens of a chat's template.</summary>
    private const int ContextStep = 1024;

    /// <summary>What sets the recommended setting of an advice; empty where it recommends none.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="folder">Folder that relative paths in the workload start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">The document holds no valid workload.</exception>
    public static IReadOnlyList<DeploymentSnippet> Of(AdviceDocument advice, string? folder = null) =>
        advice.Finalists is [AdvisedSetting first, ..] ? Of(first.Setting, AdvisedWorkload.Of(advice, folder)) : [];

    /// <summary>
    /// What sets a setting, for example that of another finalist. The server that the setting was simulated for comes first.
    /// </summary>
    /// <param name="setting">The setting.</param>
    /// <param name="workload">The workload, whose longest request must fit into the context.</param>
    public static IReadOnlyList<DeploymentSnippet> Of(ServingSetting setting, Workload workload)
    {
        DeployedModel model = DeployedModel.Of(setting.Model, workload.Folder);
        int? longest = AdvisedWorkload.LongestTokens(workload);
        int? context = ContextFor(longest, model.ContextTokens);
        EngineProfile? profile = TryFind(setting.Engine);
        string engine = profile?.Name ?? setting.Engine;
        ServingSetting stated = setting with { CachesPrefixes = setting.CachesPrefixes ?? profile?.CachesPrefixes };
        ServerSnippet writer = new(stated, model, context);
        DeployedServer[] servers = [.. DeployedServer.All.OrderByDescending(server => server.IsOf(engine))];
        string[] common = [ContextNote(longest, context), .. DefaultNotes(setting, profile)];
        return
        [
            .. servers.Select(server => writer.Of(server)).Select((snippet, index) => snippet with
            {
                Notes = [.. snippet.Notes, .. common, .. OtherEngine(servers[index], engine, setting)],
            }),
            .. GpuSettingsSnippet.Of(setting) is { } lines ? [lines] : Array.Empty<DeploymentSnippet>(),
            KubernetesSnippet.Of(servers.First(server => !server.ReadsFile), stated, model, context),
        ];
    }

    /// <summary>The context for the longest request: a round number, and no more than the model has.</summary>
    private static int? ContextFor(int? longest, int? most)
    {
        if (longest is not { } tokens)
        {
            return null;
        }

        int rounded = ((tokens / ContextStep) + 1) * ContextStep;
        return most is { } limit ? Math.Max(tokens, Math.Min(rounded, limit)) : rounded;
    }

    private static string ContextNote(int? longest, int? context) => longest is null
        ? "The context is the server's own: the requests of the workload could not be read here."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The context of {context} tokens holds the longest request of the workload ({longest} tokens). Raise it if others can come.");

    /// <summary>What the simulation took for knobs that the setting leaves to the server.</summary>
    private static IEnumerable<string> DefaultNotes(ServingSetting setting, EngineProfile? profile)
    {
        if (profile?.On(GpuNameOf(setting.Gpu)) is not { } here)
        {
            yield break;
        }

        if (setting.Knobs.MaxBatch is null)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The batch limit is the server's own, which depends on its version. The simulation took {here.MaxSequences} sequences.");
        }

        if (setting.Knobs.StepTokens is null)
        {
            int tokens = Math.Max(here.StepTokens, setting.Knobs.MaxBatch ?? here.MaxSequences);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The chunk size is the server's own, which depends on its version. The simulation took {tokens} tokens a step.");
        }
    }

    private static string GpuNameOf(string nameOrPath) => GpuCatalog.TryFind(nameOrPath)?.Name ?? nameOrPath;

    private static IEnumerable<string> OtherEngine(DeployedServer server, string engine, ServingSetting setting)
    {
        if (!server.IsOf(engine))
        {
            yield return $"The advice was simulated for {ShownText.OneLine(setting.Engine)}. Another server has other speeds: measure it "
                + "before you rely on the numbers.";
        }
    }

    private static EngineProfile? TryFind(string nameOrPath)
    {
        try
        {
            return EngineCatalog.Find(nameOrPath);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
