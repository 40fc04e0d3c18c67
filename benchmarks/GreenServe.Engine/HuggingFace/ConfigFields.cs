using System.Text.Json;
using GreenServe.Records;

namespace GreenServe.Engine.HuggingFace;

/// <summary>Reads the fields of a JSON object that another program wrote, and gathers every problem.</summary>
/// <remarks>Fields that nobody asks for are ignored. Fields that are asked for must have the right type and range.</remarks>
internal sealed class ConfigFields
{
    private readonly JsonElement element;
    private readonly string path;
    private readonly string place;
    private readonly List<Problem> problems;

    internal ConfigFields(JsonElement element, string path)
        : this(element, path, "$", [])
    {
    }

    private ConfigFields(JsonElement element, string path, string place, List<Problem> problems)
    {
        this.element = element;
        this.path = path;
        this.place = place;
        this.problems = problems;
    }

    /// <summary>
    /// The object that describes rotary positions: <c>rope_parameters</c>, or <c>rope_scaling</c> in older files. If there is neither, the
    /// object has no fields.
    /// </summary>
    internal ConfigFields Rope => Child("rope_parameters") ?? Child("rope_scaling") ?? new ConfigFields(default, path, place, problems);

    internal void Add(string name, object? found, string allowed) => problems.Add(new Problem($"{place}.{name}", found, allowed, path));

    internal void ThrowIfBroken()
    {
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    internal string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    internal string? FirstText(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String
            ? list[0].GetString()
            : null;

    internal double? Number(string name)
    {
        if (Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number))
        {
            return number;
        }

        return null;
    }

    /// <summary>Reads a number above 0. If there is none, it adds a problem and returns 1, so that reading can go on.</summary>
    internal double RequiredNumber(string name)
    {
        if (Number(name) is { } number and > 0)
        {
            return number;
        }

        Add(name, Find(name)?.GetRawText(), "a number above 0");
        return 1;
    }

    internal bool Flag(string name) => Find(name) is { ValueKind: JsonValueKind.True };

    internal void RequireAbsentOrFalse(string name)
    {
        if (Flag(name))
        {
            Add(name, true, "false: the engine has no biases");
        }
    }

    /// <summary>
    /// Reads a whole number. If the field has none, it adds a problem and returns the minimum, so that reading can go on.
    /// </summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="min">The smallest number allowed.</param>
    /// <param name="max">The largest number allowed.</param>
    /// <param name="otherwise">The number if the field is absent or null; <c>null</c> if the field is required.</param>
    internal int Count(string name, int min, int max, int? otherwise = null)
    {
        JsonElement? value = Find(name);
        if (value is null or { ValueKind: JsonValueKind.Null } && otherwise is { } fallback)
        {
            return fallback;
        }

        if (value is { ValueKind: JsonValueKind.Number } found && found.TryGetInt32(out int count) && count >= min && count <= max)
        {
            return count;
        }

        Add(name, value?.GetRawText(), $"a whole number in [{min}, {max}]");
        return min;
    }

    private ConfigFields? Child(string name) => Find(name) is { ValueKind: JsonValueKind.Object } value
        ? new ConfigFields(value, path, $"{place}.{name}", problems)
        : null;

    private JsonElement? Find(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;
}
