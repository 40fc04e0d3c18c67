using System.Text;
using CsCheck;

namespace GreenServe.Tests.EndToEnd;

/// <summary>One change to the bytes of a file, as accidents and attackers make them.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="At">Where, as a share of the file.</param>
/// <param name="Length">How many bytes it takes or repeats.</param>
/// <param name="Text">What is put there.</param>
internal sealed record FileMutation(int Kind, double At, int Length, string Text)
{
    private const int Kinds = 6;

    /// <summary>Texts that readers stumble over: numbers at and beyond every edge, signs of each format, and halves of letters.</summary>
    private static readonly string[] Texts =
    [
        "", "\0", "\"", "'", ",", "\n", "\r", "\t", " ", "{", "}", "[", "]", ":", "- ", "? ", "#", "%", "&a ", "*a", "<<: *a",
        "!!binary ", "|\n", "-1", "0", "1e999", "-1e999", "NaN", "Infinity", ".inf", "1e-320", "1e308", "2147483648", "4294967297",
        "9223372036854775807", "99999999999999999999", "0x10", "1_000", "null", "true", "\\ud800", "\\u0000", "\u202e", "\u001b[31m",
        "\uffff", "=cmd", "@x", "€", "../../etc/passwd", "/dev/zero", "a\0b", "\"a\":1,\"a\":2,", "{\"a\":{\"a\":{\"a\":",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ];

    /// <summary>One to three changes.</summary>
    internal static Gen<FileMutation[]> Several { get; } = Gen.Select(
        Gen.Int[0, Kinds - 1], Gen.Double[0, 1], Gen.Int[1, 40], Gen.Int[0, Texts.Length - 1].Select(index => Texts[index]),
        (kind, at, length, text) => new FileMutation(kind, at, length, text)).Array[1, 3];

    /// <summary>The file with the changes.</summary>
    internal static byte[] Apply(byte[] bytes, IEnumerable<FileMutation> mutations) =>
        mutations.Aggregate(bytes, (before, mutation) => mutation.Apply(before));

    private byte[] Apply(byte[] bytes)
    {
        int at = (int)(At * bytes.Length);
        int end = Math.Min(bytes.Length, at + Length);
        byte[] text = Encoding.UTF8.GetBytes(Text);
        return Kind switch
        {
            0 => [.. bytes[..at], .. text, .. bytes[at..]],
            1 => [.. bytes[..at], .. text, .. bytes[end..]],
            2 => [.. bytes[..at], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => bytes[..at],
            _ => ReplaceWord(bytes, at, text),
        };
    }

    /// <summary>Replaces the word or number around a place.</summary>
    private static byte[] ReplaceWord(byte[] bytes, int at, byte[] text)
    {
        static bool IsPart(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'.' or (byte)'-' or (byte)'_';
        int start = Math.Min(at, bytes.Length);
        int end = start;
        while (start > 0 && IsPart(bytes[start - 1]))
        {
            start--;
        }

        while (end < bytes.Length && IsPart(bytes[end]))
        {
            end++;
        }

        return [.. bytes[..start], .. text, .. bytes[end..]];
    }
}
