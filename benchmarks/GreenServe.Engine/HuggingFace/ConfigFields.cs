using System.Text.Json;
using GreenServe.Records;

namespace GreenServe.Engine.HuggingFace;

/// <summary>Fields of a foreign JSON object, read leniently in what is extra and strictly in what counts; gathers every problem.</summary>
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

    /// <summary>The object that describes rotary positions: <c>rope_parameters</c>, or <c>rope_scaling</c> of older files; empty for none.</summary>
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

    internal double? Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;

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

    /// <summary>A whole number in a range; <paramref name="otherwise"/> where it is absent or null, a problem where that is <c>null</c>.</summary>
    internal int Count(string name, int least, int most, int? otherwise = null)
    {
        JsonElement? value = Find(name);
        if (value is null or { ValueKind: JsonValueKind.Null } && otherwise is { } fallback)
        {
            return fallback;
        }

        if (value is { ValueKind: JsonValueKind.Number } found && found.TryGetInt32(out int count) && count >= least && count <= most)
        {
            return count;
        }

        Add(name, value?.GetRawText(), $"a whole number in [{least}, {most}]");
        return least;
    }

    private ConfigFields? Child(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Object } value ? new ConfigFields(value, path, $"{place}.{name}", problems) : null;

    private JsonElement? Find(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;
}
