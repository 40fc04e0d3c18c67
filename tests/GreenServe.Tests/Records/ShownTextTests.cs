using GreenServe.Records;

namespace GreenServe.Tests.Records;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("plain \u20ac \u00e9", "plain \u20ac \u00e9")]
    [InlineData("\u001b[31mred", "\\x1b[31mred")]
    [InlineData("one\nforged.yaml:1: all is well\r\t", "one\\nforged.yaml:1: all is well\\r\\t")]
    [InlineData("\u009b2J \u007f", "\\x9b2J \\x7f")]
    [InlineData("\u202eabc\u2028", "\\u202eabc\\u2028")]
    [InlineData("\ud83d\ude00", "\ud83d\ude00")]
    public void OneLine_ShowsEscapes_InsteadOfSignsThatSteerATerminal(string text, string expected) =>
        Assert.Equal(expected, ShownText.OneLine(text));

    [Fact]
    public void OneLine_ShowsHalfOfALetter_AsAnEscape() => Assert.Equal("a\\ud800", ShownText.OneLine("a" + (char)0xd800));

    [Fact]
    public void OneLine_CutsAndStatesTheLength_WhenTheTextIsLong() =>
        Assert.Equal("xxx\u2026 (100000 letters)", ShownText.OneLine(new string('x', 100_000), maxLetters: 3));

    [Fact]
    public void Problem_IsOneShortLine_WhateverTheValueHolds()
    {
        Problem problem = new("$.name", "\u001b[31m\n" + new string('x', 100_000), "a name", "a\nb.yaml", 3);

        string text = problem.ToString();

        Assert.StartsWith("a\\nb.yaml:3: $.name: got \\x1b[31m\\nxxx", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
        Assert.InRange(text.Length, 500, 700);
    }
}
