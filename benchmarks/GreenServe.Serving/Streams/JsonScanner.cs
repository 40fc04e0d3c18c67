using System.Buffers;

namespace GreenServe.Serving.Streams;

/// <summary>
/// Walks over JSON without building anything. It knows enough grammar to find the few fields that a load generator needs, and to notice
/// text that is not JSON. On chunks of 200 bytes, most of which are skipped, it is several times faster than a full reader.
/// </summary>
/// <param name="json">The text, in UTF-8.</param>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    /// <summary>Deepest nesting that is followed, as in .NET's own JSON reader, so that no text can exhaust the stack.</summary>
    private const int MaxNesting = 64;

    /// <summary>Digits of the largest number that is read whole: nine always fit into 32 bits.</summary>
    private const int MaxDigits = 9;
    private static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);
    private readonly ReadOnlySpan<byte> json = json;
    private int position;

    /// <summary>Whether nothing but white space is left.</summary>
    internal bool IsAtEnd
    {
        get
        {
            SkipSpace();
            return position == json.Length;
        }
    }

    /// <summary>
    /// The next byte that is not white space, without taking it. At the end it is a zero byte, which no JSON text contains.
    /// </summary>
    internal byte Peek()
    {
        SkipSpace();
        return position < json.Length ? json[position] : (byte)0;
    }

    /// <summary>Takes a byte if it comes next.</summary>
    internal bool TryTake(byte wanted)
    {
        if (Peek() != wanted)
        {
            return false;
        }

        position++;
        return true;
    }

    /// <summary>Takes the name of the next member and its colon.</summary>
    internal bool TryTakeName(out ReadOnlySpan<byte> name) => TryTakeString(out name) && TryTake((byte)':');

    /// <summary>Takes a string. Its content is given as it stands, with its escapes.</summary>
    internal bool TryTakeString(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        int start = position;
        while (true)
        {
            int found = json[position..].IndexOfAny(QuoteOrEscape);
            if (found < 0)
            {
                return false;
            }

            position += found;
            if (json[position] == '"')
            {
                content = json[start..position++];
                return true;
            }

            position += 2;
            if (position > json.Length)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Takes a whole number of at most nine digits, or the word null, for which the number is <c>null</c>. A decimal part of zeros is
    /// accepted, since some servers write every number with one.
    /// </summary>
    internal bool TryTakeNumber(out int? number)
    {
        number = null;
        if (Peek() == 'n')
        {
            return TryTakeWord("null"u8);
        }

        int start = position;
        int value = 0;
        while (position < json.Length && (uint)(json[position] - '0') <= 9 && position - start < MaxDigits)
        {
            value = (value * 10) + (json[position++] - '0');
        }

        number = value;
        return position > start && TryTakeZeroFraction();
    }

    /// <summary>Takes a value of any kind.</summary>
    internal bool TrySkip() => TrySkip(MaxNesting);

    /// <summary>Takes a value of any kind, and tells where it stands; see <see cref="TextOf"/>.</summary>
    internal bool TryTakeValue(out Range value)
    {
        SkipSpace();
        int start = position;
        bool isValue = TrySkip();
        value = start..position;
        return isValue;
    }

    /// <summary>The text of a value, as it stands.</summary>
    internal readonly ReadOnlySpan<byte> TextOf(Range value) => json[value];

    /// <summary>Takes a list and counts its items.</summary>
    internal bool TryCountItems(out int count)
    {
        count = 0;
        if (!TryTake((byte)'['))
        {
            return false;
        }

        if (TryTake((byte)']'))
        {
            return true;
        }

        do
        {
            if (!TrySkip())
            {
                return false;
            }

            count++;
        }
        while (TryTake((byte)','));
        return TryTake((byte)']');
    }

    private bool TrySkip(int depth)
    {
        switch (Peek())
        {
            case (byte)'"':
                return TryTakeString(out _);
            case (byte)'{':
                return TrySkipMembers(depth);
            case (byte)'[':
                return TrySkipItems(depth);
            case (byte)'t':
                return TryTakeWord("true"u8);
            case (byte)'f':
                return TryTakeWord("false"u8);
            case (byte)'n':
                return TryTakeWord("null"u8);
            default:
                return TrySkipNumber();
        }
    }

    private bool TrySkipMembers(int depth)
    {
        position++;
        if (TryTake((byte)'}'))
        {
            return true;
        }

        do
        {
            if (depth == 0 || !TryTakeName(out _) || !TrySkip(depth - 1))
            {
                return false;
            }
        }
        while (TryTake((byte)','));
        return TryTake((byte)'}');
    }

    private bool TrySkipItems(int depth)
    {
        position++;
        if (TryTake((byte)']'))
        {
            return true;
        }

        do
        {
            if (depth == 0 || !TrySkip(depth - 1))
            {
                return false;
            }
        }
        while (TryTake((byte)','));
        return TryTake((byte)']');
    }

    private bool TryTakeZeroFraction()
    {
        if (position == json.Length || json[position] != '.')
        {
            return true;
        }

        int start = ++position;
        while (position < json.Length && json[position] == '0')
        {
            position++;
        }

        return position > start;
    }

    private bool TrySkipNumber()
    {
        int start = position;
        while (position < json.Length && IsPartOfNumber(json[position]))
        {
            position++;
        }

        return position > start;
    }

    private static bool IsPartOfNumber(byte letter) =>
        letter is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E';

    private bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        if (!json[position..].StartsWith(word))
        {
            return false;
        }

        position += word.Length;
        return true;
    }

    private void SkipSpace()
    {
        // Nearly every byte that is looked at is no space, and the first comparison tells.
        while (position < json.Length && json[position] <= ' ' && json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }
    }
}
