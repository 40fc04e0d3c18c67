using System.Text.Json;
using System.Text.Json.Serialization;

namespace GreenServe.Watching.Courses;

/// <summary>States and moments as JSON: keys in snake_case, absent members left out, numbers with six significant digits.</summary>
internal static class EventJson
{
    private const int SignificantDigits = 6;

    // The encoder is the default one: it escapes what could end a script, should anybody put the text into a page.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ShortNumber(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The value as JSON on one line.</summary>
    internal static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>A number for a chart. JSON has no infinity and no NaN: they are null.</summary>
    private sealed class ShortNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (!double.IsFinite(value))
            {
                writer.WriteNullValue();
                return;
            }

            int integerDigits = value == 0 ? 1 : (int)Math.Floor(Math.Log10(Math.Abs(value))) + 1;
            int decimals = Math.Clamp(SignificantDigits - integerDigits, 0, 15);
            writer.WriteNumberValue(Math.Round(value, decimals));
        }
    }
}
