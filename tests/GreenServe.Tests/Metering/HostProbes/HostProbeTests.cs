using GreenServe.Metering.HostProbes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Metering.HostProbes;

public sealed class HostProbeTests
{
    private static readonly HostProbe.Part Thread = new("thread", speed => speed with { SingleThreadOperationsPerSecond = 10e6 });
    private static readonly HostProbe.Part Memory = new("memory", _ => throw new UnavailableException("too little of it"));
    private static readonly HostProbe.Part Launch = new("launch", speed => speed with { LaunchSeconds = 5e-6 });

    [Fact]
    public void Run_LeavesThePartsThatWereMeasured_WhenOneCannotBe()
    {
        HostSpeed speed = Lines(Thread, Memory, Launch)[^1];

        Assert.Equal(
            new HostSpeed { SingleThreadOperationsPerSecond = 10e6, LaunchSeconds = 5e-6, NotMeasured = "memory: too little of it" },
            speed);
    }

    [Fact]
    public void Run_HasNoReason_WhenEveryPartWasMeasured() => Assert.Null(Lines(Thread, Launch)[^1].NotMeasured);

    [Fact]
    public void Run_LeavesALineThatIsTrue_WhereverTheProcessEnds()
    {
        IReadOnlyList<HostSpeed> lines = Lines(Thread, Memory, Launch);

        const string Ended = "the probe ended before it was measured";
        Assert.Equal(
            [
                $"thread: {Ended}; memory: {Ended}; launch: {Ended}",
                $"memory: {Ended}; launch: {Ended}",
                $"memory: too little of it; launch: {Ended}",
                "memory: too little of it",
            ],
            lines.Select(line => line.NotMeasured));
        Assert.Equal([null, 10e6, 10e6, 10e6], lines.Select(line => line.SingleThreadOperationsPerSecond));
    }

    private static IReadOnlyList<HostSpeed> Lines(params HostProbe.Part[] parts)
    {
        StringWriter output = new() { NewLine = "\n" };
        HostProbe.Run(output, parts);
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => DocumentTree.ParseJson(line).BindWritten<HostSpeed>())];
    }
}
