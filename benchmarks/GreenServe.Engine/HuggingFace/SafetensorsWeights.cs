using System.Text.Json;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using GreenServe.Records;

namespace GreenServe.Engine.HuggingFace;

/// <summary>The weights of a Hugging Face folder, in one safetensors file or in several files with an index.</summary>
internal sealed class SafetensorsWeights : IWeightSource, IDisposable
{
    private const string SingleName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    // A folder of another model has a problem with every tensor; the first ones are enough to see it.
    private const int MaxProblems = 20;
    private const int MaxQuotedNames = 3;
    private readonly List<SafetensorsFile> files = [];
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> tensors = [];

    private SafetensorsWeights(string folder) => Description = $"safetensors of {Path.GetFileName(Path.GetFullPath(folder))}";

    /// <inheritdoc />
    public string Description { get; }

    /// <summary>Opens the files of a folder and checks that they hold every tensor of the decoder in its shape.</summary>
    /// <exception cref="InvalidInputException">
    /// A file is missing, truncated or broken, or a tensor is missing or has another shape. The exception names up to 20 problems.
    /// </exception>
    public static SafetensorsWeights Open(string folder, DecoderShape shape)
    {
        SafetensorsWeights weights = new(folder);
        try
        {
            foreach (string name in FileNames(folder))
            {
                weights.AddFile(Path.Combine(folder, name));
            }

            weights.RequireTensors(folder, shape);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Read(DecoderTensor tensor, long firstElement, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstElement + destination.Length, tensor.Elements);
        (SafetensorsFile file, SafetensorsEntry entry) = tensors[tensor.Name];
        file.Read(entry, firstElement, destination);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (SafetensorsFile file in files)
        {
            file.Dispose();
        }
    }

    private static string[] FileNames(string folder)
    {
        string index = Path.Combine(folder, IndexName);
        if (!File.Exists(index))
        {
            return File.Exists(Path.Combine(folder, SingleName))
                ? [SingleName]
                : throw new InvalidInputException(new Problem(
                    "weights", "neither of them", $"{SingleName}, or {IndexName} with the files it names", folder));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(index));
            string[] names = [.. document.RootElement.GetProperty("weight_map").EnumerateObject()
                .Select(property => property.Value.GetString()!).Distinct(StringComparer.Ordinal)];

            // An index is foreign text, so it may only name files of its own folder.
            return names.Length > 0 && names.All(name => name == Path.GetFileName(name))
                ? names
                : throw new InvalidInputException(new Problem(
                    "weight_map", string.Join(", ", names.Take(MaxQuotedNames)), "names of files beside it", index));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidInputException(new Problem("weight_map", exception.Message, "tensor names with their files", index));
        }
    }

    private void AddFile(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        files.Add(file);
        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            tensors[entry.Name] = (file, entry);
        }
    }

    private void RequireTensors(string folder, DecoderShape shape)
    {
        List<Problem> problems = [];
        foreach (DecoderTensor tensor in shape.Tensors)
        {
            string wanted = $"[{string.Join(", ", tensor.Shape)}] as config.json says";
            if (!tensors.TryGetValue(tensor.Name, out (SafetensorsFile File, SafetensorsEntry Entry) found))
            {
                problems.Add(new Problem(tensor.Name, null, wanted, folder));
            }
            else if (!found.Entry.Shape.SequenceEqual(tensor.Shape))
            {
                problems.Add(new Problem(tensor.Name, $"[{string.Join(", ", found.Entry.Shape)}]", wanted, found.File.Path));
            }
            else if (found.Entry.Element is null)
            {
                problems.Add(new Problem(tensor.Name, found.Entry.TypeName, "BF16, F16 or F32", found.File.Path));
            }

            if (problems.Count == MaxProblems)
            {
                break;
            }
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
