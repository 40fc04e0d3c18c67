using System.Collections.Frozen;
using System.Text.Json;

namespace GreenServe.Records.Documents;

/// <summary>Enum values as they stand in files.</summary>
public static class EnumText
{
    /// <summary>The value's name in snake_case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.Texts[value];

    /// <summary>Reads a name.</summary>
    /// <returns>Whether it is one of the enum's.</returns>
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
