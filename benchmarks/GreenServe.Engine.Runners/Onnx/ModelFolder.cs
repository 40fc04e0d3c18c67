namespace GreenServe.Engine.Runners.Onnx;

/// <summary>
/// A folder for the model and its weights while the runtime loads them. It is gone afterwards: the runtime keeps the weights mapped.
/// </summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("greenserve-engine-");

    internal string ModelPath => Path.Combine(folder.FullName, "decoder.onnx");

    public void Dispose() => folder.Delete(recursive: true);
}
