using CsCheck;
using GreenServe.Records.Requests;

namespace GreenServe.Tests.Records.Requests;

public sealed class TokenSpreadTests
{
    [Theory]
    [InlineData(0, 10, 10)]     // the whole request
    [InlineData(3, 8, 5)]       // half of the 10 s in which ten tokens follow the first
    [InlineData(-5, 1, 1)]
    [InlineData(12, 20, 0)]
    public void LaterTokensBetween_SpreadsEvenly(double from, double to, double tokens) =>
        Assert.Equal(tokens, TokenSpread.LaterTokensBetween(0, 10, 11, from, to), 1e-12);

    [Theory]
    [InlineData(4, 6, 7)]
    [InlineData(4, 5, 7)]
    [InlineData(5, 6, 0)]       // what lies on an edge belongs to the window that ends there
    [InlineData(6, 9, 0)]
    public void LaterTokensBetween_HasThemAllAtOnce_WhereFirstAndLastAreOneInstant(double from, double to, double tokens) =>
        Assert.Equal(tokens, TokenSpread.LaterTokensBetween(5, 5, 8, from, to));

    [Fact]
    public void LaterTokensBetween_AddsUp_HoweverTheTimeIsCut() =>
        Gen.Select(Gen.Double[0, 10], Gen.Double[0.1, 10], Gen.Int[1, 500], Gen.Double[0, 20])
            .Sample((first, length, tokens, cut) => Assert.Equal(
            tokens - 1,
            TokenSpread.LaterTokensBetween(first, first + length, tokens, -1, cut)
                + TokenSpread.LaterTokensBetween(first, first + length, tokens, cut, 30),
            1e-9 * tokens));
}
