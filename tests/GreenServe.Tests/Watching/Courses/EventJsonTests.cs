using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Tests.Watching.Courses;

public sealed class EventJsonTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1234567.8, "1234568")]
    [InlineData(0.00012345678, "0.000123457")]
    [InlineData(-12.3456789, "-12.3457")]
    [InlineData(double.PositiveInfinity, "null")]
    [InlineData(double.NaN, "null")]
    public void Of_WritesSixSignificantDigits_AndNullForWhatIsNoNumber(double number, string expected) =>
        Assert.Equal(expected, EventJson.Of(number));

    [Fact]
    public void Of_LeavesOutAbsentMembersAndEscapesMarkup()
    {
        LiveMoment moment = new()
        {
            ElapsedSeconds = 2.5,
            TtftP50Seconds = 0.2,
            MeterWatts = new Dictionary<string, double> { ["</script>"] = 1 },
        };

        string text = EventJson.Of(moment);

        Assert.Equal(
            "{\"elapsed_seconds\":2.5,\"points_ended\":0,\"ttft_p50_seconds\":0.2,\"meter_watts\":{\"\\u003C/script\\u003E\":1}}", text);
    }

    [Fact]
    public void Of_NamesPhasesAndPointsInSnakeCase()
    {
        Assert.Equal("\"waiting_for_server\"", EventJson.Of(LivePhase.WaitingForServer));
        Assert.Contains(
            "\"joules_per_output_token\":0.5",
            EventJson.Of(new LivePointResult("a", "VALID", IsValid: true) { JoulesPerOutputToken = 0.5 }),
            StringComparison.Ordinal);
    }
}
