using System.Collections.Concurrent;
using GreenServe.Records;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Models;

/// <summary>Opens models: those that come with the program (folder <c>workloads/models</c>) by name, and files by path.</summary>
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
    /// <exception cref="InvalidInputException">
    /// There is no such model, or its file has problems; the exception holds all of them.
    /// </exception>
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

    /// <summary>The built-in model of a name or alias, in any case; <c>null</c> where there is none.</summary>
    public static ModelDefinition? Find(string nameOrAlias) =>
        Aliases.Value.TryGetValue(nameOrAlias, out string? known) ? Read(known) : null;

    // Names on model hubs contain a slash. One that leads to no file is reported as an unknown name and not as a missing file.
    private static string NameThatIsNoPath(string reference, string? folder) =>
        reference.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || reference.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        || File.Exists(folder is null ? reference : Path.Combine(folder, reference))
            ? reference
            : throw new InvalidInputException(new Problem(
                "model", $"'{reference}'", $"one of {string.Join(", ", Names)}, or the path of a file *.yaml"));
}
