using GreenServe.Engine.HuggingFace;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using GreenServe.Records;
using GreenServe.Workloads.Models;

namespace GreenServe.Engine.Runners.Hosting;

/// <summary>The model that a server is asked for: shape, weights, tokenizer.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly HuggingFaceFolder? folder;

    private ServedModel(DecoderShape shape, IWeightSource weights, HuggingFaceFolder? folder)
    {
        Shape = shape;
        Weights = weights;
        this.folder = folder;
    }

    internal DecoderShape Shape { get; }

    internal IWeightSource Weights { get; }

    /// <summary>Random weights end no text: a token that means its end came up by chance.</summary>
    internal IReadOnlyList<int> EndTokens => folder?.EndTokens ?? [];

    internal ITextCodec Text => folder?.Text ?? new ByteTextCodec();

    internal string TextSource => folder?.TextSource ?? "one a byte of text (random weights have no tokenizer)";

    /// <summary>Opens a folder of weights, or takes the shape of a built-in model or a file with weights from a seed.</summary>
    /// <exception cref="InvalidInputException">No such model, another architecture, or broken files.</exception>
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
