using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Engine.HuggingFace;

/// <summary>Writes model folders as Hugging Face lays them out.</summary>
internal static class TestFolder
{
    internal static string Config(DecoderShape shape, string architecture = "LlamaForCausalLM") => $$"""
        {
          "architectures": ["{{architecture}}"],
          "hidden_act": "silu",
          "num_hidden_layers": {{shape.Layers}},
          "hidden_size": {{shape.HiddenSize}},
          "intermediate_size": {{shape.IntermediateSize}},
          "num_attention_heads": {{shape.Heads}},
          "num_key_value_heads": {{shape.KeyValueHeads}},
          "vocab_size": {{shape.VocabularySize}},
          "max_position_embeddings": {{shape.ContextTokens}},
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "sliding_window": null,
          "tie_word_embeddings": false,
          "torch_dtype": "bfloat16",
          "eos_token_id": [2, 7]
        }
        """;

    /// <summary>Writes a complete folder whose weights come from a seed.</summary>
    internal static TemporaryFolder Write(DecoderShape shape, ulong seed, string type = "BF16")
    {
        TemporaryFolder folder = new();
        folder.Write("config.json", Config(shape));
        WriteWeights(folder.PathOf("model.safetensors"), shape.Tensors, new RandomWeights(shape, seed), type);
        return folder;
    }

    internal static void WriteWeights(string path, IEnumerable<DecoderTensor> tensors, IWeightSource weights, string type)
    {
        Dictionary<string, object> header = new() { ["__metadata__"] = new { format = "pt" } };
        using MemoryStream data = new();
        foreach (DecoderTensor tensor in tensors)
        {
            float[] values = new float[tensor.Elements];
            weights.Read(tensor, 0, values);
            long start = data.Position;
            foreach (float value in values)
            {
                data.Write(Encode(value, type));
            }

            header[tensor.Name] = new { dtype = type, shape = tensor.Shape, data_offsets = new[] { start, data.Position } };
        }

        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. data.ToArray()]);
    }

    private static byte[] Encode(float value, string type) => type switch
    {
        "F32" => BitConverter.GetBytes(value),
        "F16" => BitConverter.GetBytes((Half)value),
        _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
    };
}
