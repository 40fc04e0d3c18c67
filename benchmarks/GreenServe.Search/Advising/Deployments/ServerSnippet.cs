using System.Globalization;
using System.Text;
using GreenServe.Analysis.Advising;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Serving.Servers;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>Writes the commands that start a server with a setting, one for each instance.</summary>
/// <param name="setting">The setting.</param>
/// <param name="model">Its model.</param>
/// <param name="contextTokens">Longest context (tokens); <c>null</c> for the server's own.</param>
internal sealed class ServerSnippet(ServingSetting setting, DeployedModel model, int? contextTokens)
{
    private const string Loopback = "127.0.0.1";
    private readonly InstancePlaces places = InstancePlaces.Of(setting);

    /// <summary>The commands of a server.</summary>
    internal DeploymentSnippet Of(DeployedServer server)
    {
        if (server.ReadsFile && Refusal() is { } refusal)
        {
            return new DeploymentSnippet(server.Title, "bash", $"# {refusal}\n", null, [refusal]);
        }

        ServerArguments[] instances =
            [.. places.Places.Select(place => ServerArguments.Of(server, setting, place, contextTokens, Loopback))];
        StringBuilder text = new();
        text.Append(ModelOf(instances[0]).Assignment(server.ReadsFile)).Append('\n').Append("export CUDA_DEVICE_ORDER=PCI_BUS_ID\n\n");
        bool isOne = instances.Length == 1;
        foreach ((InstancePlace place, ServerArguments instance) in places.Places.Zip(instances))
        {
            Append(text, place, instance);
            text.Append(isOne ? "\n" : " &\n");
        }

        text.Append(isOne ? "" : "wait\n");
        return new DeploymentSnippet(server.Title, "bash", text.ToString(), null, [.. NotesOf(server, instances)]);
    }

    private DeployedModel ModelOf(ServerArguments instance) => instance.CheckpointPrecision is { } precision ? model.In(precision) : model;

    /// <summary>Why llama.cpp is no server for the setting; <c>null</c> if it is one.</summary>
    private string? Refusal() => setting.PrefillReplicas > 0
        ? "llama-server cannot split prefill and decode between instances."
        : setting.GpusOfInstance > 1
            ? "llama-server divides a model among GPUs in another way than the setting does, so there is no command for more than one GPU."
            : null;

    private static void Append(StringBuilder text, InstancePlace place, ServerArguments instance)
    {
        IEnumerable<string> command = instance.Command;
        if (instance.Options.Count > 0)
        {
            string file = string.Create(CultureInfo.InvariantCulture, $"options-{place.Number}.yaml");
            text.Append("cat > ").Append(file).Append(" <<'YAML'\n").Append(YamlText.Of(instance.Options, [])).Append("YAML\n");
            command = command.Append("--extra_llm_api_options").Append(file);
        }

        text.Append("CUDA_VISIBLE_DEVICES=").Append(place.GpuList);
        foreach ((string name, string value) in instance.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(' ').Append(name).Append('=').Append(ShellText.Word(value));
        }

        foreach (string word in command)
        {
            bool isOption = word.StartsWith("--", StringComparison.Ordinal);
            text.Append(isOption ? " \\\n  " : " ").Append(word == ServerArguments.Model ? "\"$MODEL\"" : ShellText.Word(word));
        }
    }

    private IEnumerable<string> NotesOf(DeployedServer server, ServerArguments[] instances)
    {
        if (places.Note is { } note)
        {
            yield return note;
        }

        foreach (string unsettable in server.ReadsFile ? [] : instances[0].Notes)
        {
            yield return unsettable;
        }

        yield return server.ReadsFile
            ? "llama-server reads a GGUF file, whose weights have the number format that the file has: choose one with that of the setting."
            : ModelOf(instances[0]).Note;
        foreach (string own in OwnNotes(server.Preset))
        {
            yield return own;
        }

        if (places.Places.Count > 1)
        {
            foreach (string router in ServerArguments.RouterNotes(server, places))
            {
                yield return router;
            }
        }

        yield return "The server listens on this host alone. Whoever opens it to others (--host) puts authentication in front of it.";
    }

    private IEnumerable<string> OwnNotes(ServerPreset preset)
    {
        if (preset == ServerPreset.Sglang && setting.Knobs.StepTokens is not null)
        {
            yield return "SGLang's chunk limits the prompt tokens of a step. The simulated one limits all tokens of a step.";
        }

        if (preset == ServerPreset.LlamaCpp && contextTokens is not null && setting.Knobs.MaxBatch is not null)
        {
            yield return "llama-server divides its context among its slots, so that --ctx-size is that of all of them.";
        }

        if (preset == ServerPreset.TensorRtLlm)
        {
            yield return "The options are those of trtllm-serve 1.2; earlier versions set enable_chunked_prefill in the file of options.";
        }
    }
}
