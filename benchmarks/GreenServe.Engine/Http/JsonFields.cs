using System.Globalization;
using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>Reads the optional fields of a JSON object; a field of the wrong type or range ends the request with a 400.</summary>
internal readonly struct JsonFields(JsonElement owner)
{
    internal string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad(name, "a text");

    internal bool Flag(string name) => Find(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(name, "true or false"),
    };

    internal long? Whole(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw Bad(name, "a whole number");

    internal int? Whole(string name, int lowest, int highest) => Whole(name) is not { } number ? null
        : number >= lowest && number <= highest ? (int)number
        : throw Bad(name, highest == int.MaxValue ? $"a whole number of at least {lowest}" : $"a whole number in [{lowest}, {highest}]");

    internal double? Number(string name, double lowest, double highest) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() is double number && number >= lowest && number <= highest ? number
        : throw Bad(name, string.Create(CultureInfo.InvariantCulture, $"a number in {(lowest == double.Epsilon ? "(0" : $"[{lowest}")}, {highest}]"));

    internal JsonFields Nested(string name) => Find(name) is not { } value ? default
        : value.ValueKind == JsonValueKind.Object ? new JsonFields(value)
        : throw Bad(name, "an object");

    private JsonElement? Find(string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static ApiException Bad(string name, string allowed) => new(ApiError.Invalid(name, $"`{name}` must be {allowed}."));
}
