using System.Text.Json;
using System.Text.Json.Nodes;

namespace GreenServe.Records.Documents;

/// <summary>A parsed YAML document: plain values, and the line each of them stands on.</summary>
/// <remarks>Immutable by convention: <see cref="With"/> copies. Paths look like <c>$.arrival.stages[2].seconds</c>.</remarks>
public sealed class DocumentTree
{
    private readonly IReadOnlyDictionary<string, int> lines;

    internal DocumentTree(JsonNode? root, string? file, IReadOnlyDictionary<string, int> lines)
    {
        Root = root;
        File = file;
        this.lines = lines;
    }

    /// <summary>The document's value; <c>null</c> for an empty document.</summary>
    public JsonNode? Root { get; }

    /// <summary>Where it came from, as shown to the user.</summary>
    public string? File { get; }

    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, too large or not YAML.</exception>
    public static DocumentTree Read(string path) => Parse(InputFile.ReadText(path), path);

    /// <summary>Parses YAML text. <paramref name="file"/> is only used in messages.</summary>
    /// <exception cref="InvalidInputException">The text is not YAML, too deep or too large.</exception>
    public static DocumentTree Parse(string yaml, string? file = null) => YamlParser.Parse(yaml, file);

    /// <summary>Wraps a value that was made by a program and so has no lines.</summary>
    public static DocumentTree Of(JsonNode? value, string? file = null) => new(value, file, new Dictionary<string, int>());

    /// <summary>The line of a path, or of its nearest ancestor that has one; <c>null</c> when there is none.</summary>
    public int? LineOf(string path)
    {
        for (string candidate = path; candidate.Length > 0; candidate = DocumentPath.Parent(candidate))
        {
            if (lines.TryGetValue(candidate, out int line))
            {
                return line;
            }
        }

        return null;
    }

    /// <summary>A copy in which the value at <paramref name="path"/> is <paramref name="value"/>; missing parents are made.</summary>
    /// <param name="path">Dotted names without list indices, for example <c>workload.arrival.concurrency</c>.</param>
    /// <param name="value">The new value; copied.</param>
    public DocumentTree With(string path, JsonNode? value)
    {
        JsonObject root = Root?.DeepClone() as JsonObject ?? [];
        JsonObject parent = root;
        string[] names = path.Split('.');
        foreach (string name in names[..^1])
        {
            if (parent[name] is not JsonObject child)
            {
                parent[name] = child = [];
            }

            parent = child;
        }

        parent[names[^1]] = value?.DeepClone();
        return new DocumentTree(root, File, lines);
    }

    /// <summary>Turns the document into a record, or reports every problem it has.</summary>
    /// <typeparam name="T">A record whose JSON contract is that of <see cref="DocumentContract.Options"/>.</typeparam>
    /// <exception cref="InvalidInputException">All unknown keys, missing keys, wrong types and values out of range.</exception>
    public T Bind<T>()
    {
        List<Problem> problems = [];
        DocumentValidator.Validate(Root, DocumentContract.Options.GetTypeInfo(typeof(T)), this, problems);
        ThrowIfAny(problems);

        T value;
        try
        {
            value = Root.Deserialize<T>(DocumentContract.Options)
                ?? throw new InvalidInputException(new Problem("$", null, "a document", File));
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(new Problem(exception.Path ?? "$", exception.Message, "a valid value", File));
        }

        CheckedGraph.Collect(value, this, problems);
        ThrowIfAny(problems);
        return value;
    }

    private static void ThrowIfAny(List<Problem> problems)
    {
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
