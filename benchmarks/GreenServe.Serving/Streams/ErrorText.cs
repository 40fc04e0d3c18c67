using System.Text;

namespace GreenServe.Serving.Streams;

/// <summary>Makes a foreign text fit for a record: one line without control characters, not long.</summary>
internal static class ErrorText
{
    /// <summary>Characters kept: enough for a message, and a table of many failed requests stays readable.</summary>
    private const int MaxLength = 300;

    /// <summary>Cleans a text in UTF-8.</summary>
    internal static string Clean(ReadOnlySpan<byte> utf8) => Clean(Encoding.UTF8.GetString(utf8));

    /// <summary>Cleans a text; a longer one ends in an ellipsis.</summary>
    internal static string Clean(string text)
    {
        StringBuilder clean = new(Math.Min(text.Length, MaxLength));
        foreach (char character in text)
        {
            if (clean.Length == MaxLength)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }

        return clean.ToString().Trim();
    }
}
