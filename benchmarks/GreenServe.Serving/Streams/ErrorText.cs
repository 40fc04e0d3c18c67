using System.Text;

namespace GreenServe.Serving.Streams;

/// <summary>Makes foreign text fit for a record: one line, no control characters, not long.</summary>
internal static class ErrorText
{
    private const int Longest = 300;

    internal static string Clean(ReadOnlySpan<byte> utf8) => Clean(Encoding.UTF8.GetString(utf8));

    internal static string Clean(string text)
    {
        StringBuilder clean = new(Math.Min(text.Length, Longest));
        foreach (char character in text)
        {
            if (clean.Length == Longest)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }

        return clean.ToString().Trim();
    }
}
