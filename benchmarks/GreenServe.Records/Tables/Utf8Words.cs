using System.Buffers;
using System.Runtime.InteropServices;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace GreenServe.Records.Tables;

/// <summary>Texts between .NET and Parquet's UTF-8. Few texts repeat often: classes, states, meters.</summary>
internal static class Utf8Words
{
    /// <summary>Writes the texts of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="levels">For each row 1 where there is a text, and 0 where there is none.</param>
    /// <param name="texts">The texts that are there.</param>
    internal static void Write(ColumnWriter<ByteArray> column, ReadOnlySpan<short> levels, ReadOnlySpan<string> texts)
    {
        Dictionary<string, (int Offset, int Length)> places = [];
        ArrayBufferWriter<byte> bytes = new(1 << 10);
        foreach (string text in texts)
        {
            if (!places.ContainsKey(text))
            {
                int length = Encoding.UTF8.GetBytes(text, bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
                places[text] = (bytes.WrittenCount, length);
                bytes.Advance(length);
            }
        }

        GCHandle pinned = GCHandle.Alloc(bytes.WrittenMemory.ToArray(), GCHandleType.Pinned);
        ByteArray[] words = ArrayPool<ByteArray>.Shared.Rent(texts.Length);
        try
        {
            for (int index = 0; index < texts.Length; index++)
            {
                (int offset, int length) = places[texts[index]];
                words[index] = new ByteArray(pinned.AddrOfPinnedObject() + offset, length);
            }

            column.WriteBatch(levels.Length, levels, [], words.AsSpan(0, texts.Length));
        }
        finally
        {
            ArrayPool<ByteArray>.Shared.Return(words);
            pinned.Free();
        }
    }

    /// <summary>Reads words as texts, each different word once.</summary>
    internal sealed class Pool
    {
        private const int MaxWords = 4096;
        private readonly HashSet<string> words = [];
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known;
        private readonly byte[] lastBytes = new byte[64];
        private int lastLength = -1;
        private string last = "";

        internal Pool() => known = words.GetAlternateLookup<ReadOnlySpan<char>>();

        /// <summary>The text of a word.</summary>
        internal string TextOf(ReadOnlySpan<byte> word)
        {
            if (word.Length == lastLength && word.SequenceEqual(lastBytes.AsSpan(0, lastLength)))
            {
                return last;
            }

            if (word.Length > lastBytes.Length)
            {
                return Encoding.UTF8.GetString(word);
            }

            Span<char> letters = stackalloc char[lastBytes.Length];
            letters = letters[..Encoding.UTF8.GetChars(word, letters)];
            if (!known.TryGetValue(letters, out string? text))
            {
                text = letters.ToString();
                if (words.Count < MaxWords)
                {
                    words.Add(text);
                }
            }

            word.CopyTo(lastBytes);
            (last, lastLength) = (text, word.Length);
            return text;
        }
    }
}
