using GreenServe.Cli.Terminal;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class CellTextTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("abcd", 1, "…")]
    [InlineData("abcd", 0, "")]
    [InlineData("电力测试", 5, "电力…")]
    [InlineData("█░█", 3, "█░█")]
    [InlineData("a\e[2Jb", 20, @"a\x1b[2Jb")]
    public void Clip_FitsIntoItsCells(string text, int cells, string expected)
    {
        string clipped = CellText.Clip(text, cells);

        Assert.Equal(expected, clipped);
        Assert.InRange(CellText.Width(clipped), 0, cells);
    }

    [Theory]
    [InlineData("gpu0.energy", 11, "gpu0.energy")]
    [InlineData("gpu0.energy", 7, "…energy")]
    [InlineData("gpu0.energy", 0, "")]
    [InlineData("a\U0001F600", 2, "…")]
    public void ClipFront_KeepsTheEnd(string text, int cells, string expected) => Assert.Equal(expected, CellText.ClipFront(text, cells));

    [Fact]
    public void Clip_NeverCutsALetterInHalf() => Assert.Equal("a…", CellText.Clip("a\U0001F600\U0001F600", 3));
}
