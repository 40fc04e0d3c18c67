using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Workloads.Experiments;

/// <summary>Applies changes of an operating point that are written as <c>name=value</c>, as on the command line.</summary>
/// <remarks>
/// A name is a knob (<c>tensor_parallelism</c>), a key of the system (<c>gpu</c>), <c>model</c>, <c>slo</c>, or any path into the
/// point that begins with <c>workload.</c>, <c>knobs.</c> or <c>system.</c>. A value is YAML: <c>4</c>, <c>fp8</c>, <c>null</c>,
/// <c>{kind: constant, requests_per_second: 2}</c>.
/// </remarks>
public static class PointSettings
{
    private static readonly Dictionary<string, string> PathOfName = new[] { ("model", "workload.model"), ("slo", "workload.slo") }
        .Concat(KeysOf<Knobs>().Select(key => (key, "knobs." + key)))
        .Concat(KeysOf<ServingSystem>().Select(key => (key, "system." + key)))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>The short names: every knob, every key of the system, the model and the SLO.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PathOfName.Keys];

    /// <summary>The path into the point that a setting changes, for example <c>knobs.precision</c> for <c>precision=fp8</c>.</summary>
    /// <param name="setting">A change as <c>name=value</c>.</param>
    /// <returns>The path; <c>null</c> if the name is unknown.</returns>
    public static string? PathOf(string setting)
    {
        string name = NameOf(setting);
        return PathOfName.GetValueOrDefault(name) ?? (PointDocument.IsPath(name) ? name : null);
    }

    /// <summary>Applies settings to a system and its knobs, where there is no workload.</summary>
    /// <param name="system">Hardware and engine before the settings.</param>
    /// <param name="knobs">The knobs before the settings.</param>
    /// <param name="settings">Changes as <c>name=value</c>.</param>
    /// <exception cref="InvalidInputException">
    /// A setting is unknown, out of range, or about a workload; the exception holds every such setting.
    /// </exception>
    public static (ServingSystem System, Knobs Knobs) Apply(ServingSystem system, Knobs knobs, IReadOnlyList<string> settings)
    {
        List<Problem> problems = [];
        DocumentTree tree = DocumentTree.Of(DocumentContract.ToNode(new SystemDocument { Knobs = knobs, System = system }));
        SystemDocument changed = Catalogs.Bindings.Bind<SystemDocument>(Apply(tree, settings, problems), problems);
        return (changed.System, changed.Knobs);
    }

    /// <summary>
    /// Applies settings in order. Problems are added to <paramref name="problems"/>, and their settings have no effect.
    /// </summary>
    internal static DocumentTree Apply(DocumentTree point, IReadOnlyList<string> settings, List<Problem> problems)
    {
        DocumentTree changed = point;
        HashSet<string> paths = [];
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=');
            string name = NameOf(setting);
            DocumentOrigin origin = new($"--set {setting}");
            string? path = PathOf(setting);
            if (equals < 0)
            {
                problems.Add(new Problem("--set", $"'{setting}'", "name=value"));
            }
            else if (path is null)
            {
                string allowed = $"one of the knobs {string.Join(", ", Names)}, or {PointDocument.AllowedPaths}";
                problems.Add(new Problem("--set", $"'{name}'", allowed));
            }
            else if (!paths.Add(path))
            {
                problems.Add(new Problem("--set", $"'{name}' twice", "one value for each name"));
            }
            else if (string.IsNullOrWhiteSpace(setting[(equals + 1)..]))
            {
                problems.Add(new Problem("--set", $"'{setting}'", "name=value with a value, or no such setting for the default"));
            }
            else if (TryParse(setting[(equals + 1)..], out JsonNode? value))
            {
                changed = changed.With(path, value, origin);
            }
            else
            {
                problems.Add(new Problem("--set", $"'{setting}'", "name=value with a value that is YAML"));
            }
        }

        return changed;
    }

    private static string NameOf(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? setting : setting[..equals].Trim();
    }

    private static bool TryParse(string text, out JsonNode? value)
    {
        value = null;
        try
        {
            value = text.Trim().Length == 0 ? null : DocumentTree.Parse(text).Root;
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }

    private static IEnumerable<string> KeysOf<T>() =>
        DocumentContract.Options.GetTypeInfo(typeof(T)).Properties.Select((JsonPropertyInfo property) => property.Name);

    private sealed record SystemDocument
    {
        public required Knobs Knobs { get; init; }

        public required ServingSystem System { get; init; }
    }
}
