using System.Globalization;
using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>
/// Reads the optional fields of a JSON object. A field that is absent or null gives <c>null</c>, or <c>false</c> if it is a flag.
/// </summary>
/// <remarks>A field of the wrong type or outside its range ends the request with status 400.</remarks>
internal readonly struct JsonFields(JsonElement owner)
{
    /// <summary>The lowest value of a number that must be above 0.</summary>
    internal const double AboveZero = double.Epsilon;

    internal string? Text(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(name, "a text");
    }

    internal bool Flag(string name) => Find(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(name, "true or false"),
    };

    internal long? Whole(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : throw Bad(name, "a whole number");
    }

    internal int? Whole(string name, int min, int max)
    {
        if (Whole(name) is not { } number)
        {
            return null;
        }

        string allowed = max == int.MaxValue ? $"a whole number of at least {min}" : $"a whole number in [{min}, {max}]";
        return number >= min && number <= max ? (int)number : throw Bad(name, allowed);
    }

    internal double? Number(string name, double min, double max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is double number && number >= min && number <= max)
        {
            return number;
        }

        string from = min == AboveZero ? "(0" : string.Create(CultureInfo.InvariantCulture, $"[{min}");
        throw Bad(name, string.Create(CultureInfo.InvariantCulture, $"a number in {from}, {max}]"));
    }

    internal JsonFields Nested(string name, EndpointFields known)
    {
        if (Find(name) is not { } value)
        {
            return default;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Bad(name, "an object");
        }

        known.Check(value, name + ".");
        return new JsonFields(value);
    }

    private JsonElement? Find(string name)
    {
        if (owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value))
        {
            return value.ValueKind == JsonValueKind.Null ? null : value;
        }

        return null;
    }

    private static ApiException Bad(string name, string allowed) => new(ApiError.Invalid(name, $"`{name}` must be {allowed}."));
}
