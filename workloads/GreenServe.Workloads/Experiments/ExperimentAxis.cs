using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Experiments;

/// <summary>One axis of a grid. It is one path with values, or named cases that each set several paths.</summary>
public sealed record ExperimentAxis : IChecked
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, JsonNode?>> NoCases = [];

    private const char Separator = '/';

    /// <summary>
    /// Name of the axis; it names the coordinate in run records and folders. Several names, as in class/load, split the names of cases
    /// (SS/low) likewise.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// Dotted path into the point, which has the sections workload, knobs and system; for example knobs.tensor_parallelism. It is
    /// <c>null</c> where <see cref="Cases"/> are given instead.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// Values of the path: numbers, texts, true, false or nothing. Mappings and lists need cases, which have names. It is <c>null</c> where
    /// <see cref="Cases"/> are given instead.
    /// </summary>
    public IReadOnlyList<JsonNode?>? Values { get; init; }

    /// <summary>
    /// Named cases: for each one, values by dotted path; <c>null</c> where <see cref="Path"/> and <see cref="Values"/> are given instead.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonNode?>>? Cases { get; init; }

    /// <summary>Every path that the axis sets, once each.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Paths =>
        [.. new[] { Path }.OfType<string>().Concat((Cases ?? NoCases).Values.SelectMany(values => values.Keys)).Distinct()];

    /// <inheritdoc />
    public IEnumerable<Problem> Check() => [.. CheckForm(), .. CheckNames(), .. CheckPaths(), .. CheckOrder(), .. CheckValues()];

    /// <summary>The steps of the axis in order, each with its coordinate and its changes.</summary>
    /// <param name="place">Place of the axis in the file, for example <c>$.grid[0]</c>.</param>
    internal IEnumerable<AxisStep> Steps(string place)
    {
        for (int index = 0; index < (Values?.Count ?? 0); index++)
        {
            AxisChange change = new(Path!, Values![index], $"{place}.values[{index}]");
            yield return new AxisStep(new Dictionary<string, JsonNode?> { [Name] = change.Value }, [change]);
        }

        foreach ((string name, IReadOnlyDictionary<string, JsonNode?> values) in Cases ?? NoCases)
        {
            yield return new AxisStep(
                CoordinatesOf(name), [.. values.Select(pair => new AxisChange(pair.Key, pair.Value, $"{place}.cases.{name}.{pair.Key}"))]);
        }
    }

    /// <summary>The names of the axis's coordinates: the name of the axis, or the parts of it.</summary>
    internal IReadOnlyList<string> CoordinateNames => Name.Split(Separator);

    private Dictionary<string, JsonNode?> CoordinatesOf(string caseName) => CoordinateNames
        .Zip(Cases!.Keys.All(HasAllParts) ? caseName.Split(Separator) : [caseName])
        .ToDictionary(pair => pair.First, JsonNode? (pair) => Coordinate(pair.Second));

    // The coordinate of a case named 32 is the number 32.
    private static JsonValue? Coordinate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);

    private bool HasAllParts(string caseName) => caseName.Split(Separator).Length == CoordinateNames.Count;

    private IEnumerable<Problem> CheckNames()
    {
        if (CoordinateNames.Any(name => name.Length == 0))
        {
            yield return new Problem("$.name", $"'{Name}'", "a name, or names with slashes between them");
            yield break;
        }

        foreach (string name in Cases?.Keys.Where(name => !HasAllParts(name)) ?? [])
        {
            yield return new Problem($"$.cases.{name}", $"'{name}'", $"as many parts between slashes as the axis '{Name}' has");
        }

        // 1 and 1.0 are the same number, so two points would have the same coordinate.
        foreach (IGrouping<string, string> same in (Cases?.Keys ?? []).Where(HasAllParts)
            .GroupBy(name => string.Join('\n', name.Split(Separator).Select(part => Coordinate(part)?.ToJsonString())))
            .Where(group => group.Count() > 1))
        {
            yield return new Problem($"$.cases.{same.Last()}", $"'{same.Last()}'", $"a name of another value than '{same.First()}'");
        }

        if (Cases is null && Name.Contains(Separator, StringComparison.Ordinal))
        {
            yield return new Problem("$.name", $"'{Name}'", "a single name, or cases");
        }
    }

    private IEnumerable<Problem> CheckForm()
    {
        bool byValues = Path is not null && Values is not null && Cases is null;
        bool byCases = Path is null && Values is null && Cases is not null;
        if (!byValues && !byCases)
        {
            (string Name, object? Value)[] parts = [("path", Path), ("values", Values), ("cases", Cases)];
            string given = string.Join(", ", parts.Where(part => part.Value is not null).Select(part => part.Name));
            yield return new Problem("$", given.Length == 0 ? null : given, "path and values, or cases");
        }

        if (Values?.Count == 0)
        {
            yield return new Problem("$.values", "an empty list", "at least one value");
        }

        if (Cases?.Count == 0)
        {
            yield return new Problem("$.cases", "an empty mapping", "at least one case");
        }
    }

    private IEnumerable<Problem> CheckPaths()
    {
        if (Path is not null && !PointDocument.IsPath(Path))
        {
            yield return new Problem("$.path", $"'{Path}'", PointDocument.AllowedPaths);
        }

        foreach ((string name, IReadOnlyDictionary<string, JsonNode?> values) in Cases ?? NoCases)
        {
            foreach (string path in values.Keys.Where(path => !PointDocument.IsPath(path)))
            {
                yield return new Problem($"$.cases.{name}.{path}", $"'{path}'", PointDocument.AllowedPaths);
            }
        }
    }

    /// <summary>Within a case, a value must not be set before the one that it lies inside: it would be lost.</summary>
    private IEnumerable<Problem> CheckOrder()
    {
        foreach ((string name, IReadOnlyDictionary<string, JsonNode?> values) in Cases ?? NoCases)
        {
            string[] paths = [.. values.Keys];
            for (int later = 1; later < paths.Length; later++)
            {
                if (paths.Take(later).FirstOrDefault(path => PointDocument.IsWithin(path, paths[later])) is { } lost)
                {
                    yield return new Problem(
                        $"$.cases.{name}.{paths[later]}", $"it after '{lost}'", $"it before '{lost}', which it replaces");
                }
            }
        }
    }

    private IEnumerable<Problem> CheckValues()
    {
        HashSet<string> seen = [];
        for (int index = 0; index < (Values?.Count ?? 0); index++)
        {
            JsonNode? value = Values![index];
            if (value?.GetValueKind() is JsonValueKind.Object or JsonValueKind.Array)
            {
                string allowed = "a number, text, true, false or nothing (use cases for the rest)";
                yield return new Problem($"$.values[{index}]", "a mapping or a list", allowed);
            }
            else if (!seen.Add(value?.ToJsonString() ?? "null"))
            {
                string found = value?.ToJsonString() ?? "nothing";
                yield return new Problem($"$.values[{index}]", found, "a value that is not on the axis already");
            }
        }
    }
}

/// <summary>One step along an axis.</summary>
/// <param name="Coordinates">The value of the step, or the name of its case, for each name of the axis.</param>
/// <param name="Changes">The values that the step sets in the point.</param>
internal sealed record AxisStep(IReadOnlyDictionary<string, JsonNode?> Coordinates, IReadOnlyList<AxisChange> Changes);

/// <summary>One value that a step sets.</summary>
/// <param name="Path">Dotted path into the point.</param>
/// <param name="Value">The value that is set.</param>
/// <param name="Place">Place of the value in the experiment file.</param>
internal sealed record AxisChange(string Path, JsonNode? Value, string Place);
