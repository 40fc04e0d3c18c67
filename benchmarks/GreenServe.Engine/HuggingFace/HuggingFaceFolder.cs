using GreenServe.Engine.Models;
using GreenServe.Records;

namespace GreenServe.Engine.HuggingFace;

/// <summary>A model of the Llama family as Hugging Face lays it out: config.json, safetensors files, tokenizer files.</summary>
public sealed class HuggingFaceFolder : IDisposable
{
    private HuggingFaceFolder(ModelConfig config, SafetensorsWeights weights, ITextCodec text, string textSource)
    {
        Shape = config.Shape;
        EndTokens = config.EndTokens;
        Weights = weights;
        Text = text;
        TextSource = textSource;
    }

    /// <summary>The decoder.</summary>
    public DecoderShape Shape { get; }

    /// <summary>Tokens that end a text.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>The weights.</summary>
    public SafetensorsWeights Weights { get; }

    /// <summary>The tokenizer.</summary>
    public ITextCodec Text { get; }

    /// <summary>Which file the tokenizer came from, or why tokens are bytes.</summary>
    public string TextSource { get; }

    /// <summary>Opens a folder and checks every tensor against its configuration.</summary>
    /// <exception cref="InvalidInputException">Something is missing, truncated or mismatched: every problem, with the tensor and both shapes.</exception>
    public static HuggingFaceFolder Open(string folder)
    {
        ModelConfig config = ModelConfig.Read(folder);
        SafetensorsWeights weights = SafetensorsWeights.Open(folder, config.Shape);
        (ITextCodec text, string source) = TokenizerFiles.Open(folder, config.Shape.VocabularySize);
        return new HuggingFaceFolder(config, weights, text, source);
    }

    /// <inheritdoc />
    public void Dispose() => Weights.Dispose();
}
