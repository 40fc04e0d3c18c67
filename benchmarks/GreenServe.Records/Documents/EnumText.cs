using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace GreenServe.Records.Documents;

/// <summary>Converts enum values to and from the snake_case names that files use.</summary>
/// <remarks>
/// The names are those that <see cref="DocumentContract.Options"/> writes. They are taken from the enum itself, because a serializer for
/// each enum costs more than a short command does.
/// </remarks>
public static class EnumText
{
    /// <summary>The name of an enum value in snake_case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.All.Texts[Unsafe.BitCast<T, int>(value)];

    /// <summary>Reads an enum value from its name in snake_case.</summary>
    /// <returns>Whether the enum has a value of that name.</returns>
    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        bool isKnown = Names<T>.All.Values.TryGetValue(text, out int number);
        value = Unsafe.BitCast<int, T>(number);
        return isKnown;
    }

    /// <summary>The names of every value of an enum, in the order of the values.</summary>
    internal static IEnumerable<string> NamesOf(Type type) => new EnumNames(type).Texts.Values;

    private static class Names<T>
        where T : struct, Enum
    {
        internal static readonly EnumNames All = new(typeof(T));
    }

    /// <summary>The names of one enum. It is not generic, so that the enums of all assemblies share its code.</summary>
    private sealed class EnumNames
    {
        internal EnumNames(Type type)
        {
            string[] members = Enum.GetNames(type);
            int[] numbers = (int[])Enum.GetValuesAsUnderlyingType(type);
            for (int index = 0; index < members.Length; index++)
            {
                string text = type.GetField(members[index])!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                    ?? DocumentContract.Naming.ConvertName(members[index]);
                Texts.Add(numbers[index], text);
                Values.Add(text, numbers[index]);
            }
        }

        internal Dictionary<int, string> Texts { get; } = [];

        internal Dictionary<string, int> Values { get; } = new(StringComparer.Ordinal);
    }
}
