using GreenServe.Engine.HuggingFace;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using GreenServe.Records;
using GreenServe.Workloads.Models;

namespace GreenServe.Engine.Runners.Hosting;

/// <summary>The model that a server serves: its shape, its weights and its tokenizer.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly HuggingFaceFolder? folder;

    private ServedModel(DecoderShape shape, IWeightSource weights, HuggingFaceFolder? folder)
    {
        Shape = shape;
        Weights = weights;
        this.folder = folder;
    }

    /// <summary>The shape of the decoder.</summary>
    internal DecoderShape Shape { get; }

    /// <summary>The weights of the decoder.</summary>
    internal IWeightSource Weights { get; }

    /// <summary>
    /// The tokens that end a text. A model with random weights has none, since it would generate such a token only by chance.
    /// </summary>
    internal IReadOnlyList<int> EndTokens => folder?.EndTokens ?? [];

    /// <summary>The tokenizer of the model.</summary>
    internal ITextCodec Text => folder?.Text ?? new ByteTextCodec();

    /// <summary>Source of the tokenizer, in words for the server's output.</summary>
    internal string TextSource => folder?.TextSource ?? "one a byte of text (random weights have no tokenizer)";

    /// <summary>Opens a model by its name or folder.</summary>
    /// <param name="model">
    /// The path of a Hugging Face folder with weights, the name of a built-in model, or the path of a model file. The last two get random
    /// weights.
    /// </param>
    /// <param name="seed">The seed of random weights.</param>
    /// <exception cref="InvalidInputException">
    /// There is no such model, or it is not of the Llama architecture, or its files are broken.
    /// </exception>
    internal static ServedModel Open(string model, long seed)
    {
        if (Directory.Exists(model))
        {
            HuggingFaceFolder folder = HuggingFaceFolder.Open(model);
            return new ServedModel(folder.Shape, folder.Weights, folder);
        }

        DecoderShape shape = DecoderShape.From(ModelCatalog.Read(model));
        return new ServedModel(shape, new RandomWeights(shape, (ulong)seed), folder: null);
    }

    public void Dispose() => folder?.Dispose();
}
