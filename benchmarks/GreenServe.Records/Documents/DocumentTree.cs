using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GreenServe.Records.Documents;

/// <summary>A parsed YAML document: plain values, and the file and line each of them stands on.</summary>
/// <remarks>
/// Immutable by convention: <see cref="With(string, JsonNode?, DocumentOrigin)"/> copies. Paths look like
/// <c>$.arrival.stages[2].seconds</c>.
/// </remarks>
public sealed class DocumentTree
{
    private static readonly JsonSerializerOptions WithUnknownKeys =
        new(DocumentContract.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    private readonly IReadOnlyDictionary<string, DocumentOrigin> origins;

    internal DocumentTree(JsonNode? root, string? file, IReadOnlyDictionary<string, DocumentOrigin> origins)
    {
        Root = root;
        File = file;
        this.origins = origins;
    }

    /// <summary>The root value of the document; <c>null</c> for an empty document.</summary>
    public JsonNode? Root { get; }

    /// <summary>
    /// The file or option that the document came from, as shown to the user; <c>null</c> for a value made by a program.
    /// </summary>
    public string? File { get; }

    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, too large or not YAML.</exception>
    public static DocumentTree Read(string path) => Parse(InputFile.ReadText(path), path);

    /// <summary>Parses YAML text. <paramref name="file"/> is only used in messages.</summary>
    /// <exception cref="InvalidInputException">The text is not YAML, too deep or too large.</exception>
    public static DocumentTree Parse(string yaml, string? file = null) => YamlParser.Parse(yaml, file);

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="InvalidInputException">
    /// The file is missing, unreadable, too large or not JSON, or it has a key twice.
    /// </exception>
    public static DocumentTree ReadJson(string path) => ParseJson(InputFile.ReadText(path), path);

    /// <summary>Parses JSON text. <paramref name="file"/> is only used in messages.</summary>
    /// <exception cref="InvalidInputException">The text is not JSON, is too deep, or has a key twice.</exception>
    public static DocumentTree ParseJson(string json, string? file = null) => JsonParser.Parse(json, file);

    /// <summary>Wraps a value that a program made. Its problems are reported without a line.</summary>
    public static DocumentTree Of(JsonNode? value, string? file = null) => new(value, file, new Dictionary<string, DocumentOrigin>());

    /// <summary>The line of a path, or of its nearest ancestor that has one; <c>null</c> when there is none.</summary>
    public int? LineOf(string path) => OriginOf(path).Line;

    /// <summary>The file and line of the value at a path or, where it has none, of its nearest ancestor.</summary>
    public DocumentOrigin OriginOf(string path)
    {
        for (string candidate = path; candidate.Length > 0; candidate = DocumentPath.Parent(candidate))
        {
            if (origins.TryGetValue(candidate, out DocumentOrigin origin))
            {
                return origin;
            }
        }

        return new DocumentOrigin(File);
    }

    /// <summary>The value at a path such as <c>$.workload.model</c>, list indices included; <c>null</c> where there is none.</summary>
    public JsonNode? ValueAt(string path)
    {
        JsonNode? value = Root;
        foreach (string step in DocumentPath.Steps(path))
        {
            value = value switch
            {
                JsonObject mapping => mapping[step],
                JsonArray list when int.TryParse(step, out int index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return value;
    }

    /// <summary>The part below a path as a document of its own, with its files and lines; <c>null</c> where there is none.</summary>
    public DocumentTree? At(string path) => ValueAt(path) is not { } value ? null : new DocumentTree(value, File, origins
        .Where(pair => DocumentPath.IsWithin(pair.Key, path))
        .ToDictionary(pair => DocumentPath.Root + pair.Key[path.Length..], pair => pair.Value));

    /// <summary>A copy in which the value at <paramref name="path"/> is <paramref name="value"/>; missing parents are made.</summary>
    /// <param name="path">Dotted names without list indices, for example <c>workload.arrival.concurrency</c>.</param>
    /// <param name="value">The new value; copied.</param>
    /// <param name="origin">Where the new value was written; <c>default</c> for a value made by the program.</param>
    public DocumentTree With(string path, JsonNode? value, DocumentOrigin origin = default) =>
        Replace(path, value, new Dictionary<string, DocumentOrigin> { [DocumentPath.Root] = origin });

    /// <summary>A copy in which the value at <paramref name="path"/> is another document, whose files and lines are kept.</summary>
    /// <param name="path">Dotted names without list indices.</param>
    /// <param name="document">The document to put there; copied.</param>
    public DocumentTree With(string path, DocumentTree document)
    {
        Dictionary<string, DocumentOrigin> grafted = new(document.origins);
        grafted.TryAdd(DocumentPath.Root, new DocumentOrigin(document.File));
        return Replace(path, document.Root, grafted);
    }

    /// <summary>
    /// A copy in which the values of a mapping stand in place of those at the same keys. Mappings in both are merged, and anything else is
    /// replaced.
    /// </summary>
    /// <param name="changes">The mapping; <c>null</c> for none.</param>
    /// <param name="origin">Where the new values were written; <c>default</c> for values made by the program.</param>
    public DocumentTree WithAll(JsonNode? changes, DocumentOrigin origin = default)
    {
        if (changes is not JsonObject { Count: > 0 } mapping)
        {
            return this;
        }

        JsonObject root = Root?.DeepClone() as JsonObject ?? [];
        List<string> places = [];
        Merge(mapping, root, DocumentPath.Root, places);
        Dictionary<string, DocumentOrigin> merged =
            origins.Where(pair => !places.Any(place => DocumentPath.IsWithin(pair.Key, place))).ToDictionary();
        foreach (string place in places)
        {
            merged[place] = origin;
        }

        return new DocumentTree(root, File, merged);
    }

    /// <summary>Puts the values of a mapping into another one, and notes the paths of those that it put there.</summary>
    private static void Merge(JsonObject changes, JsonObject target, string path, List<string> places)
    {
        foreach ((string name, JsonNode? value) in changes)
        {
            string place = DocumentPath.Child(path, name);
            if (value is JsonObject inner && target[name] is JsonObject known)
            {
                Merge(inner, known, place, places);
            }
            else
            {
                target[name] = value?.DeepClone();
                places.Add(place);
            }
        }
    }

    /// <summary>Turns the document into a record, or reports every problem it has.</summary>
    /// <typeparam name="T">A record whose JSON contract is that of <see cref="DocumentContract.Options"/>.</typeparam>
    /// <exception cref="InvalidInputException">All unknown keys, missing keys, wrong types and values out of range.</exception>
    public T Bind<T>() => Bind<T>(acceptsComputed: false);

    /// <summary>
    /// Turns a document that a program wrote into a record, or reports every problem it has. The document may also hold values that the
    /// record computes; they are ignored.
    /// </summary>
    /// <typeparam name="T">A record whose JSON contract is that of <see cref="DocumentContract.Options"/>.</typeparam>
    /// <exception cref="InvalidInputException">All unknown keys, missing keys, wrong types and values out of range.</exception>
    public T BindWritten<T>() => Bind<T>(acceptsComputed: true);

    private T Bind<T>(bool acceptsComputed)
    {
        List<Problem> problems = [];
        DocumentValidator.Validate(DocumentContract.Options.GetTypeInfo(typeof(T)), this, problems, acceptsComputed);
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems.Concat(ProblemsAcrossKeys<T>(problems)));
        }

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

    /// <summary>
    /// Problems between the values of a document that has other problems, so that one edit mends all. Where those others leave no value
    /// to look at, there are none.
    /// </summary>
    private List<Problem> ProblemsAcrossKeys<T>(List<Problem> found)
    {
        try
        {
            List<Problem> across = [];
            CheckedGraph.Collect(Root.Deserialize<T>(WithUnknownKeys), this, across);

            // A rule that fails at or above a wrong value may fail because of it.
            return [.. across.Where(problem => !found.Any(other => DocumentPath.IsWithin(other.Place, problem.Place)))];
        }
        catch (Exception exception) when (exception
            is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or ArithmeticException)
        {
            return [];
        }
    }

    private DocumentTree Replace(string path, JsonNode? value, Dictionary<string, DocumentOrigin> valueOrigins)
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

        string place = DocumentPath.Child(DocumentPath.Root, path);
        Dictionary<string, DocumentOrigin> merged = origins.Where(pair => !DocumentPath.IsWithin(pair.Key, place)).ToDictionary();
        foreach ((string inner, DocumentOrigin origin) in valueOrigins)
        {
            merged[place + inner[DocumentPath.Root.Length..]] = origin;
        }

        return new DocumentTree(root, File, merged);
    }

    private static void ThrowIfAny(List<Problem> problems)
    {
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}

/// <summary>Where a value of a document was written.</summary>
/// <param name="File">The file or option, as shown to the user; <c>null</c> for a value made by the program.</param>
/// <param name="Line">Line in the file, counted from 1; <c>null</c> where there is none.</param>
public readonly record struct DocumentOrigin(string? File, int? Line = null);
