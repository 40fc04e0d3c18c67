using System.Text.Json;

namespace GreenServe.Tests.Fixtures;

/// <summary>A <c>tokenizer.json</c> of byte-level pairs that merges "he", "hel" and "hell", and nothing else.</summary>
internal static class TinyTokenizer
{
    /// <summary>The content of the file. Bytes are the tokens 0 to 255, merged pairs follow from 256, and 300 begins a text.</summary>
    internal static string Json { get; } = """
        {"added_tokens":[{"id":300,"content":"<|begin_of_text|>","special":true},
          {"id":301,"content":"<|start_header_id|>","special":true},
          {"id":302,"content":"<|end_header_id|>","special":true},{"id":303,"content":"<|eot_id|>","special":true}],
         "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},
         "post_processor":{"type":"TemplateProcessing","special_tokens":{"<|begin_of_text|>":{"ids":[300]}}},
         "model":{"type":"BPE","vocab":{VOCABULARY},"merges":["h e",["he","l"],"hel l"]}}
        """.Replace("VOCABULARY", Vocabulary(), StringComparison.Ordinal);

    private static string Vocabulary() => string.Join(
        ",",
        Enumerable.Range(0, 256).Select(value => LetterOf((byte)value).ToString()).Concat(["he", "hel", "hell"])
            .Select((piece, id) => $"{JsonSerializer.Serialize(piece)}:{id}"));

    /// <summary>
    /// Returns the letter by which byte-level vocabularies show a byte. Printable bytes stand for themselves, and the others are numbered
    /// from U+0100.
    /// </summary>
    private static char LetterOf(byte value)
    {
        int shifted = 0;
        for (int other = 0; other < 256; other++)
        {
            bool printable = other is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            if (other == value)
            {
                return printable ? (char)other : (char)(0x100 + shifted);
            }

            shifted += printable ? 0 : 1;
        }

        throw new InvalidOperationException("A byte lies in [0, 255].");
    }
}
