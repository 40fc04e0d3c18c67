using CsCheck;
using GreenServe.Records.Documents;

namespace GreenServe.Tests.Records.Documents;

public sealed class BoundedLineReaderTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb", "a|b")]
    [InlineData("a\rb\r", "a|b")]
    [InlineData("a\n\nb\r\r\nc", "a||b||c")]
    [InlineData("\r\n", "")]
    public async Task Read_EndsALine_AtALineFeedACarriageReturnOrBoth(string text, string expected) =>
        Assert.Equal(expected.Split('|'), await ReadAllAsync(text, maxLength: 100));

    [Fact]
    public async Task Read_IsNull_WhenThereIsNoText() => Assert.Empty(await ReadAllAsync("", maxLength: 1));

    [Fact]
    public async Task Read_GivesTheBeginningOfALongLine_AndGoesOnWithTheNext()
    {
        // Each piece is one character beyond the limit, at it, and far beyond the buffer.
        BoundedLineReader lines = new(new StringReader($"abcde\nfghi\n{new string('x', 20_000)}\nend"), maxLength: 4);

        List<(string, bool)> read = [];
        while (await lines.ReadAsync(CancellationToken.None) is { } line)
        {
            read.Add((line, lines.WasCut));
        }

        Assert.Equal([("abcd", true), ("fghi", false), ("xxxx", true), ("end", false)], read);
    }

    [Fact]
    public async Task Read_ReturnsAtTheLimit_WhenALineNeverEnds()
    {
        using EndlessText text = new();
        BoundedLineReader lines = new(text, maxLength: 10_000);

        string? line = await lines.ReadAsync(CancellationToken.None);

        // The limit, and less than one buffer of 4,096 beyond it.
        Assert.Equal(10_000, line!.Length);
        Assert.True(lines.WasCut);
        Assert.InRange(text.CharactersRead, 10_000, 10_000 + 4096);
    }

    [Fact]
    public void Read_GivesWhatSplitGives_WhenNoLineIsTooLong() => Gen.String[Gen.Char["ab\n"], 0, 300].Sample(text =>
    {
        string[] expected = text.Split('\n');

        // Split sees a last line behind the last line feed.
        IEnumerable<string> lines = expected[^1].Length == 0 ? expected[..^1] : expected;
        return lines.SequenceEqual(ReadAllAsync(text, maxLength: 300).GetAwaiter().GetResult());
    });

    private static async Task<List<string>> ReadAllAsync(string text, int maxLength)
    {
        BoundedLineReader lines = new(new StringReader(text), maxLength);
        List<string> read = [];
        while (await lines.ReadAsync(CancellationToken.None) is { } line)
        {
            read.Add(line);
        }

        return read;
    }

    private sealed class EndlessText : TextReader
    {
        internal long CharactersRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill('x');
            CharactersRead += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
