using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using GreenServe.Records;

namespace GreenServe.Engine.HuggingFace;

/// <summary>A folder with a model of the Llama family, as Hugging Face lays it out: config.json, safetensors and tokenizer files.</summary>
public sealed class HuggingFaceFolder : IDisposable
{
    private readonly SafetensorsWeights weights;

    private HuggingFaceFolder(ModelConfig config, SafetensorsWeights weights, ITextCodec text, string textSource)
    {
        Shape = config.Shape;
        EndTokens = config.EndTokens;
        this.weights = weights;
        Text = text;
        TextSource = textSource;
    }

    /// <summary>The shape of the decoder.</summary>
    public DecoderShape Shape { get; }

    /// <summary>The tokens that end a text.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>The weights of the decoder. They can be read until the folder is disposed.</summary>
    public IWeightSource Weights => weights;

    /// <summary>The tokenizer of the model, or one token a byte if the folder has no tokenizer that can be read.</summary>
    public ITextCodec Text { get; }

    /// <summary>The file from which the tokenizer was read, or the reason why tokens are bytes.</summary>
    public string TextSource { get; }

    /// <summary>Opens a folder and checks every tensor against the configuration.</summary>
    /// <exception cref="InvalidInputException">
    /// A file or a tensor is missing, truncated or mismatched. The exception names the problems; for a mismatch it tells both shapes.
    /// </exception>
    public static HuggingFaceFolder Open(string folder)
    {
        ModelConfig config = ModelConfig.Read(folder);
        SafetensorsWeights weights = SafetensorsWeights.Open(folder, config.Shape);
        (ITextCodec text, string source) = TokenizerFiles.Open(folder, config.Shape.VocabularySize);
        return new HuggingFaceFolder(config, weights, text, source);
    }

    /// <inheritdoc />
    public void Dispose() => weights.Dispose();
}
