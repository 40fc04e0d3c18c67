using System.Collections.Concurrent;
using GreenServe.Records;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Models;

/// <summary>The models that come with the program (folder <c>workloads/models</c>), and files by path.</summary>
public static class ModelCatalog
{
    internal static DocumentCatalog Documents { get; } = new("models", ".yaml", "model");

    private static readonly ConcurrentDictionary<string, ModelDefinition> BuiltIn = new();

    private static readonly Lazy<Dictionary<string, string>> Aliases = new(() => Documents.Names
        .SelectMany(name => Read(name).Aliases.Prepend(name).Select(alias => (Alias: alias, Name: name)))
        .DistinctBy(pair => pair.Alias, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(pair => pair.Alias, pair => pair.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Names of the built-in models, sorted.</summary>
    public static IReadOnlyList<string> Names => Documents.Names;

    /// <summary>Reads a model by name, alias or path.</summary>
    /// <param name="nameOrPath">
    /// A built-in name or one of its aliases (for example <c>meta-llama/Llama-3.1-8B-Instruct</c>), in any case; or the path of a file.
    /// </param>
    /// <param name="folder">Folder that relative paths start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">No such model, or every problem of its file.</exception>
    public static ModelDefinition Read(string nameOrPath, string? folder = null)
    {
        if (Documents.Names.Contains(nameOrPath))
        {
            return BuiltIn.GetOrAdd(nameOrPath, name => Documents.Open(name, baseFolder: null).Tree.Bind<ModelDefinition>());
        }

        return Aliases.Value.TryGetValue(nameOrPath, out string? known)
            ? Read(known)
            : Documents.Open(NameThatIsNoPath(nameOrPath, folder), folder).Tree.Bind<ModelDefinition>();
    }

    /// <summary>The built-in model of a name or alias, in any case; <c>null</c> where none is known.</summary>
    public static ModelDefinition? Find(string nameOrAlias) =>
        Aliases.Value.TryGetValue(nameOrAlias, out string? known) ? Read(known) : null;

    // Names of model hubs hold a slash; one without a file is an unknown name rather than a missing file.
    private static string NameThatIsNoPath(string reference, string? folder) =>
        reference.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || reference.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        || File.Exists(folder is null ? reference : Path.Combine(folder, reference))
            ? reference
            : throw new InvalidInputException(new Problem(
                "model", $"'{reference}'", $"one of {string.Join(", ", Names)}, or the path of a file *.yaml"));
}
