using System.Collections.Frozen;
using System.Text.Json;

namespace GreenServe.Records.Documents;

/// <summary>Converts enum values to and from the snake_case names that files use.</summary>
public static class EnumText
{
    /// <summary>The name of an enum value in snake_case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.Texts[value];

    /// <summary>Reads an enum value from its name in snake_case.</summary>
    /// <returns>Whether the enum has a value of that name.</returns>
    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum => Names<T>.Values.TryGetValue(text, out value);

    private static class Names<T>
        where T : struct, Enum
    {
        internal static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonSerializer.Serialize(value, DocumentContract.Options).Trim('"'));

        internal static readonly FrozenDictionary<string, T> Values = Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }
}
