using GreenServe.Cli.Terminal;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class TerminalParagraphTests
{
    [Theory]
    [InlineData("", 10, "")]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("one two three", 12, "one two|three")]
    [InlineData("one two three", 3, "one|two|three")]
    [InlineData("extraordinary at", 5, "extraordinary|at")]
    [InlineData("a b", 0, "a|b")]
    [InlineData("model m\nbest: 0.001 J\rx", 40, "model m\\nbest: 0.001 J\\rx")]
    public void Lines_FitIntoTheWidth_UnlessAWordIsLonger(string text, int width, string lines) =>
        Assert.Equal(lines.Split('|'), TerminalParagraph.Lines(text, width));
}
