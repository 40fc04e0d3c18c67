using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class PromptReplayTests
{
    [Fact]
    public void ShapesOf_FollowsChunksThroughThePrompts_InTheOrderTheyWereSent()
    {
        RequestRecord Request(int id, double issued, int tokens) =>
            new(id, "MM", issued, issued, 1, 2, tokens, tokens, 10, 10, RequestStatus.Completed, null);
        EngineStep[] steps = [new(0, 1, 256, 0, 0), new(1, 1, 144, 0, 0), new(2, 1, 0, 2, 402)];

        // Sent first: 300 tokens, then 100: the first step ends within the first prompt.
        StepShape[] shapes = PromptReplay.ShapesOf(steps, [Request(1, 0.2, 100), Request(2, 0.1, 300)]);

        Assert.Equal(new StepShape(256, 256 * 128, 1, 0, 0, 0), shapes[0]);
        Assert.Equal(new StepShape(144, (44 * (256 + 22)) + (100 * 50), 2, 2, 0, 0), shapes[1]);
        Assert.Equal(StepShape.Decode(2, 402), shapes[2]);
    }
}
