using GreenServe.Metering.Remote;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Metering.Remote;

public class RemoteProtocolTests
{
    [Theory]
    [InlineData("gpu0.energy,1.5,,300")]
    [InlineData("gpu0.power,1.5,684.5,")]
    public void Parse_ReadsWhatLineWrites(string line)
    {
        PowerSample sample = RemoteProtocol.Parse(line)!.Value;

        Assert.Equal(line + "\n", RemoteProtocol.Line(sample));
    }

    [Theory]
    [InlineData("")]
    [InlineData("m,1,2")]
    [InlineData("m,x,2,")]
    [InlineData("m,1,NaN,")]
    [InlineData("m,1,,")]
    [InlineData("m,1,2,3")]
    public void Parse_PassesOverWhatIsNoReading(string line) => Assert.Null(RemoteProtocol.Parse(line));

    [Fact]
    public void ParseState_ReadsWhatLineWrites()
    {
        DeviceReading state = new("gpu0", "sm_clock_megahertz", 1.5, 1980);

        Assert.Equal(state, RemoteProtocol.ParseState(RemoteProtocol.Line(state).TrimEnd()));
    }

    [Fact]
    public void ParseLost_ReadsWhatLostWrites() => Assert.Equal(3, RemoteProtocol.ParseLost(RemoteProtocol.Lost(3).TrimEnd()));

    [Theory]
    [InlineData("!")]
    [InlineData("!,")]
    [InlineData("!,many")]
    [InlineData("#,3")]
    public void ParseLost_PassesOverWhatIsNoCount(string line) => Assert.Null(RemoteProtocol.ParseLost(line));
}
