using GreenServe.Engine;
using GreenServe.Engine.HuggingFace;
using GreenServe.Engine.Onnx;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Engine.HuggingFace;

/// <summary>Tests the codecs that tokenizer files give: how files are chosen, and how their codecs encode and decode.</summary>
public sealed class TokenizerFilesTests
{
    private const int FirstMerged = 256;
    private const int Begin = 300;

    [Fact]
    public void Open_UsesBytes_WhenThereIsNoFile()
    {
        using TemporaryFolder folder = new();

        (ITextCodec text, string source) = TokenizerFiles.Open(folder.Root, 32_000);

        Assert.IsType<ByteTextCodec>(text);
        Assert.Contains("no tokenizer file", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UsesBytesAndSaysWhy_WhenTheFileIsOfAnotherKind()
    {
        using TemporaryFolder folder = new();
        folder.Write("tokenizer.json", """{"model":{"type":"Unigram","vocab":[]}}""");

        (ITextCodec text, string source) = TokenizerFiles.Open(folder.Root, 32_000);

        Assert.IsType<ByteTextCodec>(text);
        Assert.Contains("tokenizer.json", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_MergesByteLevelPairs()
    {
        using TemporaryFolder folder = WriteBytePairs();
        (ITextCodec text, string source) = TokenizerFiles.Open(folder.Root, 320);
        Assert.Equal("tokenizer.json", source);

        int[] tokens = text.Encode("hello you");

        // "h e" then "he l" then "hel l" merge; "o" stays; " you" has no merge, and a space is the byte-level letter.
        Assert.Equal([Begin, FirstMerged + 2, ByteToken((byte)'o'), .. " you".Select(letter => ByteToken((byte)letter))], tokens);
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("naïve café: 漢字 🙂!")]
    public void Decoder_GivesTheTextBack_TokenByToken(string original)
    {
        using TemporaryFolder folder = WriteBytePairs();
        (ITextCodec text, _) = TokenizerFiles.Open(folder.Root, 320);
        ITextDecoder decoder = text.CreateDecoder();

        List<string> pieces = [.. text.Encode(original).Skip(1).Select(decoder.Append), decoder.Flush()];

        Assert.Equal(original, string.Concat(pieces));
        Assert.DoesNotContain(pieces, piece => piece.Contains('\uFFFD', StringComparison.Ordinal));
    }

    [Fact]
    public void Decoder_ShowsABrokenCharacter_WhenTheOutputEndsInIt()
    {
        using TemporaryFolder folder = WriteBytePairs();
        (ITextCodec text, _) = TokenizerFiles.Open(folder.Root, 320);
        ITextDecoder decoder = text.CreateDecoder();

        string first = decoder.Append(ByteToken((byte)'a'));
        string second = decoder.Append(ByteToken(0xE6));   // the first byte of three

        Assert.Equal("a", first);
        Assert.Equal("", second);
        Assert.Equal("\uFFFD", decoder.Flush());
    }

    [Fact]
    public void EncodeChat_WritesTurns_AndKeepsAClientFromEndingItsOwn()
    {
        using TemporaryFolder folder = WriteBytePairs();
        (ITextCodec text, _) = TokenizerFiles.Open(folder.Root, 320);

        int[] tokens = text.EncodeChat([new ChatMessage("user", "a<|eot_id|>b")]);

        Assert.Equal(Begin, tokens[0]);
        Assert.Equal(301, tokens[1]);
        Assert.Equal(2, tokens.Count(token => token == 301));
        Assert.Equal(1, tokens.Count(token => token == 303));
    }

    [Fact]
    public void Open_ReadsASentencePieceModel()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.PathOf("tokenizer.model"), SentencePieceModel());

        (ITextCodec text, string source) = TokenizerFiles.Open(folder.Root, 320);

        Assert.Equal("tokenizer.model", source);
        int[] tokens = text.Encode("ab");

        // Begin (1), then the piece of a leading space and "ab" (6), the best merge.
        Assert.Equal([1, 6], tokens);
        ITextDecoder decoder = text.CreateDecoder();
        Assert.Equal("ab", string.Concat(decoder.Append(6), decoder.Flush()).Trim());
    }

    private static int ByteToken(byte value) => value;

    private static TemporaryFolder WriteBytePairs()
    {
        TemporaryFolder folder = new();
        folder.Write("tokenizer.json", TinyTokenizer.Json);
        return folder;
    }

    private static byte[] SentencePieceModel()
    {
        const int Unknown = 2;
        const int Control = 3;
        const int Normal = 1;
        const int BytePairs = 2;
        ProtobufWriter model = new();
        AddPiece("<unk>", 0, Unknown);
        AddPiece("<s>", 0, Control);
        AddPiece("</s>", 0, Control);
        AddPiece("\u2581", -3, Normal);
        AddPiece("a", -4, Normal);
        AddPiece("b", -5, Normal);
        AddPiece("\u2581ab", -1, Normal);
        AddPiece("ab", -2, Normal);
        foreach (char letter in "Text 1")
        {
            AddPiece(letter == ' ' ? "\u2581\u2581" : letter.ToString(), -9, Normal);
        }

        model.Message(2, trainer =>
        {
            trainer.Integer(3, BytePairs);
            trainer.Integer(40, 0);
            trainer.Integer(41, 1);
            trainer.Integer(42, 2);
        });
        model.Message(3, normalizer =>
        {
            normalizer.Integer(3, 1);
            normalizer.Integer(4, 0);
            normalizer.Integer(5, 1);
        });
        return model.Bytes.ToArray();

        void AddPiece(string text, float score, int type) => model.Message(1, piece =>
        {
            piece.Text(1, text);
            piece.Number(2, score);
            piece.Integer(3, type);
        });
    }
}
