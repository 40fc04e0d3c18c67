using System.Text.Json;
using GreenServe.Engine.Models;
using GreenServe.Records;

namespace GreenServe.Engine.HuggingFace;

/// <summary>The content of <c>config.json</c> in a Hugging Face folder with a model of the Llama family.</summary>
/// <param name="Shape">The shape of the decoder.</param>
/// <param name="EndTokens">The tokens that end a text.</param>
internal sealed record ModelConfig(DecoderShape Shape, IReadOnlyList<int> EndTokens)
{
    // Both have the same tensors and operations: RMS norms, rotary positions, grouped queries, a SiLU gate and no biases.
    private static readonly string[] Architectures = ["LlamaForCausalLM", "MistralForCausalLM"];

    /// <summary>Reads the <c>config.json</c> of a folder.</summary>
    /// <exception cref="InvalidInputException">
    /// The file is missing, is not JSON, or describes a model that the engine cannot run. The exception names every problem.
    /// </exception>
    internal static ModelConfig Read(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            throw new InvalidInputException(new Problem("model", folder, "a folder with config.json and safetensors files", path));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            ConfigFields fields = new(document.RootElement, path);
            RequireArchitecture(fields);
            ModelConfig config = new(ShapeOf(fields, folder), EndTokensOf(document.RootElement));
            fields.ThrowIfBroken();
            config.Shape.RequireRunnable(path);
            return config;
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(new Problem("config.json", exception.Message, "a JSON object", path));
        }
    }

    private static void RequireArchitecture(ConfigFields fields)
    {
        string? architecture = fields.FirstText("architectures");
        if (!Architectures.Contains(architecture))
        {
            fields.Add("architectures", architecture, string.Join(" or ", Architectures));
            fields.ThrowIfBroken();
        }

        fields.RequireAbsentOrFalse("attention_bias");
        fields.RequireAbsentOrFalse("mlp_bias");
        string activation = fields.Text("hidden_act") ?? "silu";
        if (activation != "silu")
        {
            fields.Add("hidden_act", activation, "silu");
        }
    }

    private static DecoderShape ShapeOf(ConfigFields fields, string folder)
    {
        int heads = fields.Count("num_attention_heads", 1, 1024);
        int hidden = fields.Count("hidden_size", 1, 1_000_000);
        int keyValueHeads = fields.Count("num_key_value_heads", 1, 1024, heads);
        int context = fields.Count("max_position_embeddings", 1, 100_000_000);
        if (heads % keyValueHeads != 0)
        {
            fields.Add("num_key_value_heads", keyValueHeads, $"a divisor of num_attention_heads ({heads})");
        }

        return new DecoderShape
        {
            Name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)),
            Layers = fields.Count("num_hidden_layers", 1, 1000),
            HiddenSize = hidden,
            IntermediateSize = fields.Count("intermediate_size", 1, 1_000_000),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = fields.Count("head_dim", 1, 1024, Math.Max(1, hidden / heads)),
            VocabularySize = fields.Count("vocab_size", 1, 10_000_000),

            // A sliding window changes attention only in a longer context, so the engine serves contexts up to the window.
            ContextTokens = Math.Min(context, fields.Count("sliding_window", 1, 100_000_000, context)),
            TiedEmbedding = fields.Flag("tie_word_embeddings"),
            RopeTheta = fields.Rope.Number("rope_theta") ?? fields.Number("rope_theta") ?? 10_000,
            RopeScaling = ScalingOf(fields.Rope),
            NormEpsilon = fields.Number("rms_norm_eps") ?? 1e-6,
        };
    }

    private static RopeScaling? ScalingOf(ConfigFields rope)
    {
        string type = rope.Text("rope_type") ?? rope.Text("type") ?? "default";
        switch (type)
        {
            case "default":
                return null;
            case "llama3":
                return new RopeScaling(
                    rope.RequiredNumber("factor"), rope.RequiredNumber("low_freq_factor"), rope.RequiredNumber("high_freq_factor"),
                    rope.Count("original_max_position_embeddings", 1, 100_000_000));
            default:
                rope.Add("rope_type", type, "default or llama3");
                return null;
        }
    }

    private static int[] EndTokensOf(JsonElement root)
    {
        if (!root.TryGetProperty("eos_token_id", out JsonElement end))
        {
            return [];
        }

        return end.ValueKind switch
        {
            JsonValueKind.Number when end.TryGetInt32(out int token) => [token],
            JsonValueKind.Array => [.. end.EnumerateArray().Where(item => item.TryGetInt32(out _)).Select(item => item.GetInt32())],
            _ => [],
        };
    }
}
