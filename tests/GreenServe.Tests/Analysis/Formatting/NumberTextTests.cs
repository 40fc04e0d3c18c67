using GreenServe.Analysis.Formatting;

namespace GreenServe.Tests.Analysis.Formatting;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.00001234, "1.23e-5")]
    [InlineData(12.345, "12.3")]
    [InlineData(1234.5, "1,234")]
    [InlineData(12345678, "1.23e7")]
    [InlineData(double.NaN, "NaN")]
    public void Short_HasThreeDigits_AndAnExponentOnlyWhereItSavesZeros(double value, string text) =>
        Assert.Equal(text, NumberText.Short(value));

    [Theory]
    [InlineData(113813, "114,000")]
    [InlineData(2637, "2,640")]
    [InlineData(-2637, "-2,640")]
    [InlineData(0.2071, "0.207")]
    [InlineData(12, "12")]
    [InlineData(0, "0")]
    public void Rounded_HasThreeDigits_AlsoWhereTheNumberIsLarge(double value, string text) =>
        Assert.Equal(text, NumberText.Rounded(value));

    [Theory]
    [InlineData(12.3456, 0.449, "12.35 ± 0.45")]
    [InlineData(113813, 9512, "113,800 ± 9,500")]
    [InlineData(113813, 12, "113,813 ± 12")]
    [InlineData(5, 0, "5")]
    public void WithError_HasAsManyDigitsAsTheErrorAllows(double value, double half, string text) =>
        Assert.Equal(text, NumberText.WithError(value, half));
}
