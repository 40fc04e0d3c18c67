using GreenServe.Cli.Live;

namespace GreenServe.Tests.Cli.Live;

public sealed class LiveTextTests
{
    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(59.6, "1:00")]
    [InlineData(3599, "59:59")]
    [InlineData(3661, "1:01:01")]
    [InlineData(360000, "100:00:00")]
    public void Clock_WritesMinutesAndHours(double seconds, string expected) => Assert.Equal(expected, LiveText.Clock(seconds));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0 ms")]
    [InlineData(0.0000123, "0.0123 ms")]
    [InlineData(0.0999, "99.9 ms")]
    [InlineData(0.25, "250 ms")]
    [InlineData(1.0, "1.00 s")]
    [InlineData(123.4, "123 s")]
    public void Latency_HasThreeDigits(double? seconds, string expected) => Assert.Equal(expected, LiveText.Latency(seconds));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(12.44, "12.4")]
    [InlineData(8123.4, "8,123")]
    public void Rate_HasNoFalsePrecision(double rate, string expected) => Assert.Equal(expected, LiveText.Rate(rate));

    [Theory]
    [InlineData(null, "- W")]
    [InlineData(7.26, "7.3 W")]
    [InlineData(412.34, "412 W")]
    public void Watts_AreWholeFromAHundredOn(double? watts, string expected) => Assert.Equal(expected, LiveText.Watts(watts));
}
