using CsCheck;
using GreenServe.Records.Tables;

namespace GreenServe.Tests.Records.Tables;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("@SUM(1)", "'@SUM(1)")]
    [InlineData("+x", "'+x")]
    [InlineData("-x", "'-x")]
    [InlineData("-3.2", "-3.2")]
    [InlineData("+5e-3", "+5e-3")]
    [InlineData("it's", "it's")]
    [InlineData("'quoted'", "'quoted'")]
    [InlineData("", "")]
    public void Guarded_PutsAnApostropheBeforeFormulas_AndLeavesNumbers(string text, string expected) =>
        Assert.Equal(expected, CsvText.Guarded(text));

    [Fact]
    public void Unguarded_GivesBackWhatWasGuarded_WhateverTheText() => Gen.String[Gen.Char["'=+-@a1\t"], 0, 6].Sample(text =>
        Assert.Equal(text, CsvText.Unguarded(CsvText.Guarded(text))));
}
