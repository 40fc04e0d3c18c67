using System.Buffers;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Datasets;

/// <summary>
/// Cuts a file of JSON into its entries: the lines of JSON lines, or the elements of one array. Only one entry is in memory at a time. An
/// entry of more than 16 MiB ends the reading.
/// </summary>
/// <param name="stream">The file.</param>
/// <param name="problems">Receives an entry that is too long, and an array without an end.</param>
internal sealed class JsonEntries(Stream stream, RowProblems problems)
{
    /// <summary>Longest entry: several times the longest context of any model, as text.</summary>
    internal const int MaxEntryBytes = 16 << 20;

    private const int ReadBytes = 1 << 16;
    private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],"u8);
    private byte[] buffer = new byte[2 * ReadBytes];
    private int begin;
    private int at;
    private int end;
    private int line = 1;
    private int depth;
    private bool isInText;

    /// <summary>The entries in order. Blank lines are passed over.</summary>
    internal IEnumerable<JsonEntry> Read()
    {
        bool isArray = FirstByte() == (byte)'[';
        if (isArray)
        {
            Drop(begin + 1);
        }

        while (true)
        {
            bool isFound = isArray ? TryFindElementEnd() : TryFindLineEnd();
            if (at - begin > MaxEntryBytes)
            {
                problems.Add("entry", $"more than {MaxEntryBytes} bytes", $"at most {MaxEntryBytes} bytes", line);
                yield break;
            }

            if (isFound)
            {
                bool isLast = isArray && buffer[at] == (byte)']';
                if (TakeEntry(mayBeEmpty: isLast || !isArray) is { } entry)
                {
                    yield return entry;
                }

                if (isLast)
                {
                    RequireEnd();
                    yield break;
                }
            }
            else if (!Fill())
            {
                if (isArray)
                {
                    problems.Add("entry", "the end of the file inside the array", "a list that ends with ]", line);
                }
                else if (at > begin && TakeEntry(mayBeEmpty: true) is { } last)
                {
                    yield return last;
                }

                yield break;
            }
        }
    }

    /// <summary>The first byte that is no space, after a byte order mark if there is one; 0 for an empty file.</summary>
    private byte FirstByte()
    {
        Fill();
        if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8))
        {
            Drop("\uFEFF"u8.Length);
        }

        while (true)
        {
            for (int index = begin; index < end; index++)
            {
                if (buffer[index] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                {
                    Drop(index);
                    return buffer[index];
                }
            }

            Drop(end);
            if (!Fill())
            {
                return 0;
            }
        }
    }

    private bool TryFindLineEnd()
    {
        int found = buffer.AsSpan(at, end - at).IndexOf((byte)'\n');
        at = found < 0 ? end : at + found;
        return found >= 0;
    }

    /// <summary>Finds the comma or the bracket behind the element that begins at <see cref="begin"/>.</summary>
    private bool TryFindElementEnd()
    {
        while (at < end)
        {
            int found = buffer.AsSpan(at, end - at).IndexOfAny(isInText ? InText : Structure);
            if (found < 0)
            {
                at = end;
                return false;
            }

            at += found;
            byte sign = buffer[at];
            if (sign == (byte)'\\')
            {
                if (at + 1 == end)
                {
                    return false;
                }

                at += 2;
                continue;
            }

            if (sign == (byte)'"')
            {
                isInText = !isInText;
            }
            else if (sign is (byte)'{' or (byte)'[')
            {
                depth++;
            }
            else if (depth == 0)
            {
                return true;
            }
            else if (sign is (byte)'}' or (byte)']')
            {
                depth--;
            }

            at++;
        }

        return false;
    }

    /// <summary>Takes the entry before <see cref="at"/>, and passes over the sign there.</summary>
    private JsonEntry? TakeEntry(bool mayBeEmpty)
    {
        ReadOnlyMemory<byte> content = buffer.AsMemory(begin, at - begin);
        int blank = content.Length - content.Span.TrimStart(" \t\r\n"u8).Length;
        int from = line + content.Span[..blank].Count((byte)'\n');
        content = content[blank..];
        if (content.IsEmpty && !mayBeEmpty)
        {
            problems.Add("entry", "nothing before a comma", "a JSON object", from);
        }

        Drop(Math.Min(at + 1, end));
        return content.IsEmpty ? null : new JsonEntry(content, from);
    }

    private void RequireEnd()
    {
        while (begin < end || Fill())
        {
            if (!buffer.AsSpan(begin, end - begin).Trim(" \t\r\n"u8).IsEmpty)
            {
                problems.Add("entry", "text after the end of the array", "one array", line);
                return;
            }

            Drop(end);
        }
    }

    /// <summary>Forgets what lies before a place, and counts its lines.</summary>
    private void Drop(int place)
    {
        line += buffer.AsSpan(begin, place - begin).Count((byte)'\n');
        (begin, at) = (place, Math.Max(at, place));
    }

    private bool Fill()
    {
        if (begin > 0)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (at, end, begin) = (at - begin, end - begin, 0);
        }

        if (buffer.Length - end < ReadBytes)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }
}

/// <summary>One entry of a file of JSON. Its bytes hold only until the next one is read.</summary>
/// <param name="Utf8">The text of the entry.</param>
/// <param name="Line">Line of the file on which it begins, from 1.</param>
internal readonly record struct JsonEntry(ReadOnlyMemory<byte> Utf8, int Line);
