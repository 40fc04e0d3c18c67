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
}
